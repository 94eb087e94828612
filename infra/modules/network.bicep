// The virtual network: one subnet that the app calls from, one with the endpoints of what it calls.
import { tagsType } from 'types.bicep'

@description('Name of the network.')
param name string

@description('The region.')
param location string

@description('Tags of every resource.')
param tags tagsType

resource network 'Microsoft.Network/virtualNetworks@2026-03-01' = {
  name: name
  location: location
  tags: tags
  properties: { addressSpace: { addressPrefixes: ['10.10.0.0/16'] } }
}

// Flex Consumption wants the delegation of Container Apps. A subnet's name must have no underscore.
resource app 'Microsoft.Network/virtualNetworks/subnets@2026-03-01' = {
  parent: network
  name: 'app'
  properties: {
    addressPrefix: '10.10.0.0/24'
    delegations: [
      {
        name: 'flex-consumption'
        properties: { serviceName: 'Microsoft.App/environments' }
      }
    ]
  }
}

resource endpoints 'Microsoft.Network/virtualNetworks/subnets@2026-03-01' = {
  parent: network
  name: 'endpoints'
  dependsOn: [app]
  properties: {
    addressPrefix: '10.10.1.0/24'
    privateEndpointNetworkPolicies: 'Disabled'
  }
}

@description('Resource id of the network.')
output id string = network.id

@description('Resource id of the subnet that the app calls from.')
output appSubnetId string = app.id

@description('Resource id of the subnet with the endpoints.')
output endpointSubnetId string = endpoints.id

// The virtual network: one subnet that the app calls from, one with the endpoints of what it calls.
param name string
param location string
param tags object

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: { addressSpace: { addressPrefixes: ['10.10.0.0/16'] } }
}

// Flex Consumption wants the delegation of Container Apps. A subnet's name must have no underscore.
resource app 'Microsoft.Network/virtualNetworks/subnets@2024-05-01' = {
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

resource endpoints 'Microsoft.Network/virtualNetworks/subnets@2024-05-01' = {
  parent: network
  name: 'endpoints'
  dependsOn: [app]
  properties: {
    addressPrefix: '10.10.1.0/24'
    privateEndpointNetworkPolicies: 'Disabled'
  }
}

output id string = network.id
output appSubnetId string = app.id
output endpointSubnetId string = endpoints.id

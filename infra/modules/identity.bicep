// Who the app is. User-assigned, so that its roles stand before the app first starts, and outlive it.
import { tagsType } from 'types.bicep'

@description('Name of the identity.')
param name string

@description('The region.')
param location string

@description('Tags of the identity.')
param tags tagsType

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Resource id of the identity.')
output id string = identity.id

@description('The id that the app asks for tokens with.')
output clientId string = identity.properties.clientId

@description('The id that roles are assigned to.')
output principalId string = identity.properties.principalId

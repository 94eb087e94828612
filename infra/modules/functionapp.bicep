// The Flex Consumption plan and the app on it.
import { tagsType } from 'types.bicep'

@description('Name of the app.')
param name string

@description('The region.')
param location string

@description('Tags of every resource.')
param tags tagsType

@description('Resource id of the identity that the app has.')
param identityId string

@description('The id that the app asks for tokens with.')
param identityClientId string

@description('Name of the storage account.')
param storageName string

@description('The container that the app\'s package lies in.')
param packageContainerUri string

@description('Connection string of Application Insights.')
param telemetryConnection string

@description('Connection string of the database, without a password.')
param databaseConnection string

@description('Days that a finished job can be read.')
param retentionDays int

@description('The subnet that the app calls from; empty for none.')
param subnetId string

@description('Memory of an instance.')
param instanceMemoryMB int

@description('The most instances.')
param maximumInstanceCount int

@description('Requests that an instance answers at a time.')
param httpConcurrency int

@description('Instances that are kept warm.')
param alwaysReady alwaysReadyType[]

@export()
@description('Instances kept warm for a group: http, durable for the parts of split jobs, or function:RunJob for one queue function.')
type alwaysReadyType = {
  @description('The group.')
  name: string

  @description('How many instances.')
  instanceCount: int
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: 'plan-${name}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: { minTlsVersion: '1.2' }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageContainerUri
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReady
        triggers: { http: { perInstanceConcurrency: httpConcurrency } }
      }
    }
  }
}

// None of these is a secret: connections are by identity, and telemetry is refused without a token.
resource settings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'appsettings'
  properties: {
    AzureWebJobsStorage__accountName: storageName
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identityClientId
    APPLICATIONINSIGHTS_CONNECTION_STRING: telemetryConnection
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
    Slowlane__Database: databaseConnection
    Slowlane__DatabaseIdentity: identityClientId
    Slowlane__RetentionDays: string(retentionDays)
    Slowlane__Lanes: instanceMemoryMB == 4096 ? '2' : '1'
  }
}

// Nobody deploys with a user name and a password.
resource scm 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'scm'
  properties: { allow: false }
}

resource ftp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'ftp'
  properties: { allow: false }
}

@description('The name that the app is reached by.')
output host string = app.properties.defaultHostName

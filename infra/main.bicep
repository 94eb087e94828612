// Slowlane on Azure: a resource group with everything in it. Deployed by `azd up` or azure-pipelines.yml; docs/deploy.md.
targetScope = 'subscription'

import { administratorType, databaseType } from 'modules/database.bicep'
import { alwaysReadyType } from 'modules/functionapp.bicep'
import { tagsType } from 'modules/types.bicep'

@description('Names the environment, and all that is in it.')
@minLength(2)
@maxLength(20)
param environmentName string

@description('The region. It must offer Flex Consumption.')
param location string

@description('Who sets up the database: the person or the service connection that deploys.')
param databaseAdministrator administratorType

@description('Size of the database server.')
param database databaseType

@description('An address that may reach the database from outside, to set it up; nobody by default. Without effect under private networking.')
param deployerAddress string = ''

@description('Storage and database are reached through a virtual network only.')
param privateNetworking bool = false

@description('The most instances that the app may have, front and workers together.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int

@description('Memory of an instance, and with it its cores: 2048 has one, 4096 two.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Requests that an instance answers at a time. Callers who wait for a job hold one each, and cost nearly nothing.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int = 100

@description('Instances that are kept warm; none by default.')
param alwaysReady alwaysReadyType[] = []

@description('Database connections that an instance may open: 8 or more with one lane, 11 or more with two.')
@minValue(8)
param connectionsPerInstance int

@description('Days that a finished job can be read.')
@minValue(1)
@maxValue(3650)
param retentionDays int = 7

@description('Who is told of alerts; nobody by default, then they are seen in the Portal only.')
param alertEmail string = ''

var tags tagsType = { 'azd-env-name': environmentName }
var suffix = uniqueString(subscription().id, environmentName, location)
var name = 'slowlane-${environmentName}-${take(suffix, 6)}'
var appName = 'func-${name}'
var identityName = 'id-${name}'
var insightsName = 'appi-${name}'
var serverName = 'psql-${name}'
var storageName = 'st${take(suffix, 13)}'
var databaseName = 'slowlane'

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-slowlane-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: {
    name: identityName
    location: location
    tags: tags
  }
}

module network 'modules/network.bicep' = if (privateNetworking) {
  scope: group
  params: {
    name: 'vnet-${name}'
    location: location
    tags: tags
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: storageName
    location: location
    tags: tags
    publicAccess: !privateNetworking
    retentionDays: retentionDays
  }
}

module telemetry 'modules/telemetry.bicep' = {
  scope: group
  params: {
    workspaceName: 'log-${name}'
    insightsName: insightsName
    location: location
    tags: tags
  }
}

module server 'modules/database.bicep' = {
  scope: group
  params: {
    name: serverName
    location: location
    tags: tags
    size: database
    databaseName: databaseName
    administrator: databaseAdministrator
    publicAccess: !privateNetworking
    deployerAddress: deployerAddress
  }
}

module endpoints 'modules/endpoints.bicep' = if (privateNetworking) {
  scope: group
  dependsOn: [storage, server]
  params: {
    location: location
    tags: tags
    networkId: network.?outputs.id ?? ''
    subnetId: network.?outputs.endpointSubnetId ?? ''
    storageName: storageName
    serverName: serverName
  }
}

module roles 'modules/roles.bicep' = {
  scope: group
  dependsOn: [identity, storage, telemetry]
  params: {
    identityName: identityName
    storageName: storageName
    insightsName: insightsName
  }
}

module app 'modules/functionapp.bicep' = {
  scope: group
  dependsOn: [roles, endpoints]
  params: {
    name: appName
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageName: storageName
    packageContainerUri: storage.outputs.packageContainerUri
    telemetryConnection: telemetry.outputs.connection
    databaseConnection: 'Host=${server.outputs.host};Database=${databaseName};Username=${identityName};SSL Mode=VerifyFull;Maximum Pool Size=${connectionsPerInstance}'
    retentionDays: retentionDays
    subnetId: network.?outputs.appSubnetId ?? ''
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    httpConcurrency: httpConcurrency
    alwaysReady: alwaysReady
  }
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  dependsOn: [storage, server, telemetry]
  params: {
    name: name
    location: location
    tags: tags
    email: alertEmail
    insightsName: insightsName
    storageName: storageName
    serverName: serverName
    connectionLimit: database.connectionLimit
  }
}

@description('The resource group that everything is in.')
output AZURE_RESOURCE_GROUP string = group.name

@description('Name of the app.')
output FUNCTION_APP_NAME string = appName

@description('The name that the app is reached by.')
output FUNCTION_APP_HOST string = app.outputs.host

@description('Name of the storage account.')
output STORAGE_ACCOUNT_NAME string = storageName

@description('The name that the database server is reached by.')
output DATABASE_HOST string = server.outputs.host

@description('Name of the database.')
output DATABASE_NAME string = databaseName

@description('The app\'s identity, and its role in the database.')
output IDENTITY_NAME string = identityName

@description('The id that roles are assigned to.')
output IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId

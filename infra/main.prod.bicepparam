// Production: behind a virtual network, a standby server, an instance of each kind kept warm.
using './main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
param databaseAdministrator = {
  objectId: readEnvironmentVariable('AZURE_PRINCIPAL_ID')
  name: readEnvironmentVariable('DATABASE_ADMIN_NAME')
  type: readEnvironmentVariable('DATABASE_ADMIN_TYPE', 'ServicePrincipal')
}
param alertEmail = readEnvironmentVariable('ALERT_EMAIL', '')
param privateNetworking = true

param database = {
  sku: 'Standard_D4ds_v5'
  tier: 'GeneralPurpose'
  storageGB: 128
  connectionLimit: 1703
  backupDays: 35
  highAvailability: true
}

// 100 instances with 16 connections each stay below the server's limit.
param maximumInstanceCount = 100
param connectionsPerInstance = 16
param alwaysReady = [
  {
    name: 'http'
    instanceCount: 1
  }
  {
    name: 'function:RunJob'
    instanceCount: 1
  }
  {
    name: 'durable'
    instanceCount: 1
  }
]

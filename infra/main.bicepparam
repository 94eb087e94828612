// A small environment for development: what `azd up` deploys, and the pipeline's first stage. Values come from azd's environment.
using './main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
param databaseAdministrator = {
  objectId: readEnvironmentVariable('AZURE_PRINCIPAL_ID')
  name: readEnvironmentVariable('DATABASE_ADMIN_NAME')
  type: readEnvironmentVariable('DATABASE_ADMIN_TYPE', 'User')
}
param deployerAddress = readEnvironmentVariable('DEPLOYER_ADDRESS', '')
param alertEmail = readEnvironmentVariable('ALERT_EMAIL', '')

param database = {
  sku: 'Standard_B2s'
  tier: 'Burstable'
  storageGB: 32
  connectionLimit: 414
  backupDays: 7
  highAvailability: false
}

// 40 instances with 10 connections each stay below the server's limit.
param maximumInstanceCount = 40
param connectionsPerInstance = 10

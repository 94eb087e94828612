// PostgreSQL, with Entra logins only. The app's role is made by hooks/database-role.sh: Bicep can't speak SQL.
param name string
param location string
param tags object
param size databaseType
param databaseName string
param administrator administratorType
param publicAccess bool
param deployerAddress string

@export()
@description('Size of the server. The limit of connections follows from the SKU: without it an alert could not be set.')
type databaseType = {
  sku: string
  tier: 'Burstable' | 'GeneralPurpose' | 'MemoryOptimized'
  storageGB: int
  connectionLimit: int
  backupDays: int
  highAvailability: bool
}

@export()
@description('The Entra principal that administers the server.')
type administratorType = {
  objectId: string
  name: string
  type: 'User' | 'Group' | 'ServicePrincipal'
}

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: size.sku
    tier: size.tier
  }
  properties: {
    version: '18'
    authConfig: {
      activeDirectoryAuth: 'Enabled'
      passwordAuth: 'Disabled'
      tenantId: tenant().tenantId
    }
    storage: {
      storageSizeGB: size.storageGB
      autoGrow: 'Enabled'
    }
    backup: {
      backupRetentionDays: size.backupDays
      geoRedundantBackup: 'Disabled'
    }
    highAvailability: { mode: size.highAvailability ? 'ZoneRedundant' : 'Disabled' }
    network: { publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled' }
  }
}

// One after the other: the server takes one change at a time.
resource database 'Microsoft.DBforPostgreSQL/flexibleServers/databases@2025-08-01' = {
  parent: server
  name: databaseName
  properties: {
    charset: 'UTF8'
    collation: 'en_US.utf8'
  }
}

resource admin 'Microsoft.DBforPostgreSQL/flexibleServers/administrators@2025-08-01' = {
  parent: server
  name: administrator.objectId
  dependsOn: [database]
  properties: {
    principalName: administrator.name
    principalType: administrator.type
    tenantId: tenant().tenantId
  }
}

// Without a virtual network the app has no address of its own: the rule 0.0.0.0 lets Azure's in, and a token is still needed.
resource azureServices 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2025-08-01' = if (publicAccess) {
  parent: server
  name: 'azure-services'
  dependsOn: [admin]
  properties: {
    startIpAddress: '0.0.0.0'
    endIpAddress: '0.0.0.0'
  }
}

resource deployer 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2025-08-01' = if (publicAccess && !empty(deployerAddress)) {
  parent: server
  name: 'deployer'
  dependsOn: [azureServices]
  properties: {
    startIpAddress: deployerAddress
    endIpAddress: deployerAddress
  }
}

output name string = server.name
output host string = server.properties.fullyQualifiedDomainName

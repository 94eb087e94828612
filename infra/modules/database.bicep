// PostgreSQL, with Entra logins only. The app's role is made by hooks/database-role.sh: Bicep can't speak SQL.
import { tagsType } from 'types.bicep'

@description('Name of the server.')
param name string

@description('The region.')
param location string

@description('Tags of the server.')
param tags tagsType

@description('Size of the server.')
param size databaseType

@description('Name of the database.')
param databaseName string

@description('Who administers the server.')
param administrator administratorType

@description('Whether the server can be reached from outside a virtual network.')
param publicAccess bool

@description('An address that may reach the server from outside; empty for none.')
param deployerAddress string

@export()
@description('Size of the server. The limit of connections follows from the SKU: without it an alert could not be set.')
type databaseType = {
  @description('The SKU.')
  sku: string

  @description('The tier that the SKU is of.')
  tier: 'Burstable' | 'GeneralPurpose' | 'MemoryOptimized'

  @description('Storage at first; it grows by itself.')
  storageGB: int

  @description('Connections that the SKU has for its users.')
  connectionLimit: int

  @description('Days that backups are kept.')
  backupDays: int

  @description('Whether a standby in another zone takes over.')
  highAvailability: bool
}

@export()
@description('The Entra principal that administers the server.')
type administratorType = {
  @description('Its object id.')
  objectId: string

  @description('Its name, which it logs in with.')
  name: string

  @description('What it is.')
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

@description('The name that the server is reached by.')
output host string = server.properties.fullyQualifiedDomainName

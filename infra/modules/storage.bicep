// The storage account: queues, blobs and the app's package. There are no keys; everybody comes with an identity.
import { tagsType } from 'types.bicep'

@description('Name of the storage account.')
param name string

@description('The region.')
param location string

@description('Tags of the account.')
param tags tagsType

@description('Whether the account can be reached from outside a virtual network.')
param publicAccess bool

@description('How long the app keeps a finished job, with its blobs.')
param retentionDays int

var packageContainer = 'deployments'

// The app deletes these itself. A rule deletes what no row names: an input whose message could not be sent, a result
// whose worker was killed. A job may also wait and run for days before its retention begins: hence a week more.
var orphanedAfterDays = retentionDays + 7

// An idempotency key stands for 24 hours from its first use, and its record goes an hour later.
var keysAfterDays = 3

resource account 'Microsoft.Storage/storageAccounts@2026-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: publicAccess ? 'Allow' : 'Deny'
    }
  }
}

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2026-06-01' = {
  parent: account
  name: 'default'
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices/queues@2026-06-01' = [
  for queue in ['jobs', 'jobs-poison']: {
    parent: queueService
    name: queue
  }
]

resource blobService 'Microsoft.Storage/storageAccounts/blobServices@2026-06-01' = {
  parent: account
  name: 'default'
}

resource containers 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-06-01' = [
  for container in [packageContainer, 'slowlane-inputs', 'slowlane-results', 'slowlane-keys']: {
    parent: blobService
    name: container
  }
]

// No rule for the packages: an instance that starts reads the one that was deployed last, however old it is.
resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2026-06-01' = {
  parent: account
  name: 'default'
  dependsOn: [containers]
  properties: {
    policy: {
      rules: [
        {
          name: 'orphaned-inputs-and-results'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: ['blockBlob']
              prefixMatch: ['slowlane-inputs/', 'slowlane-results/']
            }
            actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: orphanedAfterDays } } }
          }
        }
        {
          name: 'expired-idempotency-keys'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: ['blockBlob']
              prefixMatch: ['slowlane-keys/']
            }
            actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: keysAfterDays } } }
          }
        }
      ]
    }
  }
}

@description('Where the app\'s package lies.')
output packageContainerUri string = '${account.properties.primaryEndpoints.blob}${packageContainer}'

// What the app may do, each role for a reason, scoped to the one resource. None manages anything.
@description('Name of the identity that the roles are assigned to.')
param identityName string

@description('Name of the storage account.')
param storageName string

@description('Name of the Application Insights component.')
param insightsName string

var roleIds = {
  // The Functions host keeps keys, timer locks and the package in blobs, and makes containers: the host's documented minimum
  // (learn.microsoft.com/azure/azure-functions/functions-reference, "Connecting to host storage with an identity").
  // It covers the app's own inputs, results and idempotency keys.
  'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'

  // Receive, delete and send could be had with less (Message Processor and Sender). But the host renews the visibility of
  // a message while its job runs, and frees it after a failure: that is an update, which takes queues/messages/write, and
  // of the built-in roles only this one has it (learn.microsoft.com/azure/storage/queues/queues-auth-abac-attributes).
  'Storage Queue Data Contributor': '974c5e8b-45b9-4653-ba55-5f855dd0fb88'

  // Durable Functions keeps its runs in tables, beside queues and blobs that the two roles above cover
  // (learn.microsoft.com/azure/azure-functions/durable/durable-functions-configure-managed-identity). By it the host also keeps diagnostic events of its own.
  'Storage Table Data Contributor': '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'

  // To send telemetry where local authentication is off (learn.microsoft.com/azure/azure-monitor/app/azure-ad-authentication).
  'Monitoring Metrics Publisher': '3913510d-42f4-4e42-8a64-420c390055eb'
}

// An assignment is named by what is known before the deployment, so that what-if shows it. Azure refuses to change whom an
// assignment is for: before an identity is made anew under the same name, the assignments of the old one have to go.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource storage 'Microsoft.Storage/storageAccounts@2026-06-01' existing = {
  name: storageName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource blobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: storage
  name: guid(storage.id, identity.id, roleIds['Storage Blob Data Owner'])
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roleIds['Storage Blob Data Owner']
    )
  }
}

resource queues 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: storage
  name: guid(storage.id, identity.id, roleIds['Storage Queue Data Contributor'])
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roleIds['Storage Queue Data Contributor']
    )
  }
}

resource tables 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: storage
  name: guid(storage.id, identity.id, roleIds['Storage Table Data Contributor'])
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roleIds['Storage Table Data Contributor']
    )
  }
}

resource metrics 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, identity.id, roleIds['Monitoring Metrics Publisher'])
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roleIds['Monitoring Metrics Publisher']
    )
  }
}

// What an operator is woken for. The queries read the app's own log lines and figures; docs/operate.md explains each.
import { tagsType } from 'types.bicep'

@description('The last part of every name.')
param name string

@description('The region.')
param location string

@description('Tags of every resource.')
param tags tagsType

@description('Who is told; empty for nobody.')
param email string

@description('Name of the Application Insights component that the queries ask.')
param insightsName string

@description('Name of the storage account.')
param storageName string

@description('Name of the database server.')
param serverName string

@description('Connections that the database server has for its users.')
param connectionLimit int

@description('Minutes that a job may have waited when a worker gets it, since it could have run.')
param oldestMinutes int = 15

@description('Messages in the account\'s queues, on an hour\'s average.')
param backlog int = 10000

@description('Per cent of the jobs that may fail.')
param failurePercent int = 5

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource storage 'Microsoft.Storage/storageAccounts@2026-06-01' existing = {
  name: storageName
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices@2026-06-01' existing = {
  parent: storage
  name: 'default'
}

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' existing = {
  name: serverName
}

resource recipients 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(email)) {
  name: 'ag-${name}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'slowlane'
    emailReceivers: [
      {
        name: 'operator'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

var told = empty(email) ? [] : [recipients.id]

// Poison messages are taken from their queue at once and kept in the database: their coming is what can be counted.
var queries = [
  {
    name: 'poison-messages'
    severity: 2
    text: 'traces | where message startswith "Poison message of job"'
    threshold: 0
  }
  {
    name: 'oldest-message'
    severity: 2
    text: 'customMetrics | where name == "slowlane.queue.age" and valueMax >= ${oldestMinutes * 60}'
    threshold: 0
  }
  {
    name: 'failure-rate'
    severity: 2
    text: 'customMetrics | where name == "slowlane.attempts" | extend outcome = tostring(customDimensions["slowlane.job.outcome"]) | summarize failed = sumif(valueSum, outcome == "failed"), ended = sumif(valueSum, outcome in ("succeeded", "failed", "cancelled")) | where failed * 100 > ended * ${failurePercent} and ended >= 20'
    threshold: 0
  }
]

resource logAlerts 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for query in queries: {
    name: '${query.name}-${name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'Slowlane: ${query.name}'
      severity: query.severity
      enabled: true
      scopes: [insights.id]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      skipQueryValidation: true // Tables are made by the first telemetry.
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: query.text
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: query.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: { actionGroups: told }
    }
  }
]

// Also seen when no worker runs, which the log can't say. Azure measures it once an hour, for all queues together.
resource backlogAlert 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: 'backlog-${name}'
  location: 'global'
  tags: tags
  properties: {
    severity: 3
    enabled: true
    scopes: [queues.id]
    evaluationFrequency: 'PT1H'
    windowSize: 'PT1H'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'messages'
          criterionType: 'StaticThresholdCriterion'
          metricName: 'QueueMessageCount'
          metricNamespace: 'Microsoft.Storage/storageAccounts/queueServices'
          timeAggregation: 'Average'
          operator: 'GreaterThan'
          threshold: backlog
        }
      ]
    }
    actions: [for id in told: { actionGroupId: id }]
  }
}

resource connectionAlert 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: 'database-connections-${name}'
  location: 'global'
  tags: tags
  properties: {
    severity: 2
    enabled: true
    scopes: [server.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'connections'
          criterionType: 'StaticThresholdCriterion'
          metricName: 'active_connections'
          metricNamespace: 'Microsoft.DBforPostgreSQL/flexibleServers'
          timeAggregation: 'Average'
          operator: 'GreaterThan'
          threshold: connectionLimit * 8 / 10
        }
      ]
    }
    actions: [for id in told: { actionGroupId: id }]
  }
}

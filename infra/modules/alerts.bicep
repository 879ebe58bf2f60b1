metadata description = 'The alerts. What a rule means and when it fires stands in infra/alerts, its query beside it.'

import { tagMap } from 'types.bicep'

@description('Azure region of the rules over logs.')
param location string
@description('Tags of every resource.')
param tags tagMap
@description('Log Analytics workspace that the queries run in.')
param workspaceId string
@description('Application Insights component; every alert carries it, so that whoever is woken finds the app.')
param componentId string
@description('The Function App.')
param siteId string
@description('The storage account.')
param storageId string
@description('The key vault.')
param vaultId string
@description('Who is told.')
param actionGroupId string
@description('Start of all names.')
param prefix string

var queries = {
  'auditing-switched-off': loadTextContent('../alerts/auditing-switched-off.kql')
  'completeness-behind': loadTextContent('../alerts/completeness-behind.kql')
  'consent-lost': loadTextContent('../alerts/consent-lost.kql')
  'credential-expiry': loadTextContent('../alerts/credential-expiry.kql')
  'gap-recorded': loadTextContent('../alerts/gap-recorded.kql')
  poison: loadTextContent('../alerts/poison.kql')
  'posture-drift': loadTextContent('../alerts/posture-drift.kql')
  silence: loadTextContent('../alerts/silence.kql')
  'tenant-unmeasured': loadTextContent('../alerts/tenant-unmeasured.kql')
}
var logRules = loadJsonContent('../alerts/log-rules.json')

var metricRules = loadJsonContent('../alerts/metric-rules.json')
var targets = {
  site: siteId
  storage: storageId
  vault: vaultId
}

var runbooks = 'docs/operations.md'

// A row of the answer is an alert, for each value of the dimensions by itself.
resource logAlerts 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for rule in logRules: {
    name: '${prefix}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'Auditkeep: ${rule.title}'
      description: '${rule.meaning} What to do: ${runbooks}, "${rule.title}".'
      severity: rule.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: rule.every
      windowSize: rule.window
      // What happened does not end by itself: it is told once, and not again while the window still shows it.
      autoMitigate: rule.ends
      muteActionsDuration: rule.ends ? null : rule.window
      criteria: {
        allOf: [
          {
            query: queries[rule.name]
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            dimensions: map(rule.dimensions, name => {
              name: name
              operator: 'Include'
              values: ['*']
            })
            // Periods divide the rows by their times, which sums do not have: what has to last is for the query to see.
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: [actionGroupId]
        customProperties: {
          component: componentId
          runbook: '${runbooks}, ${rule.title}'
        }
      }
    }
  }
]

resource metricAlerts 'Microsoft.Insights/metricAlerts@2026-01-01' = [
  for rule in metricRules: {
    name: '${prefix}-${rule.name}'
    location: 'global'
    tags: tags
    properties: {
      description: '${rule.meaning} What to do: ${runbooks}, "${rule.title}".'
      severity: rule.severity
      enabled: true
      scopes: [targets[rule.target]]
      evaluationFrequency: rule.every
      windowSize: rule.window
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: rule.metric
            metricNamespace: rule.namespace
            metricName: rule.metric
            timeAggregation: rule.aggregation
            operator: rule.operator
            threshold: rule.threshold
            // A resource that has just been made has no values yet.
            skipMetricValidation: true
          }
        ]
      }
      actions: [
        {
          actionGroupId: actionGroupId
          webHookProperties: {
            component: componentId
            runbook: '${runbooks}, ${rule.title}'
          }
        }
      ]
    }
  }
]

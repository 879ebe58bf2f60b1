metadata description = 'The alerts. infra/alerts holds the meaning, condition, and query of each rule.'

import { tagMap } from 'types.bicep'

@description('Azure region of the log alert rules.')
param location string
@description('Tags of every resource.')
param tags tagMap
@description('Log Analytics workspace in which the queries run.')
param workspaceId string
@description('Application Insights component; every alert contains it, so that the on-call engineer can find the app.')
param componentId string
@description('The Function App.')
param siteId string
@description('The storage account.')
param storageId string
@description('The key vault.')
param vaultId string
@description('Action group that is notified.')
param actionGroupId string
@description('Prefix of all names.')
param prefix string

var queries = {
  'auditing-switched-off': loadTextContent('../alerts/auditing-switched-off.kql')
  'completeness-behind': loadTextContent('../alerts/completeness-behind.kql')
  'consent-lost': loadTextContent('../alerts/consent-lost.kql')
  'credential-expiry': loadTextContent('../alerts/credential-expiry.kql')
  'destination-behind': loadTextContent('../alerts/destination-behind.kql')
  'gap-recorded': loadTextContent('../alerts/gap-recorded.kql')
  poison: loadTextContent('../alerts/poison.kql')
  'posture-drift': loadTextContent('../alerts/posture-drift.kql')
  'retention-behind': loadTextContent('../alerts/retention-behind.kql')
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

// Each row of the result raises an alert, separately for each value of the dimensions.
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
      // Some conditions do not resolve automatically: these alerts fire once, and not again while the event is in the window.
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
            // Evaluation periods need a time per row, which aggregated rows do not have, so queries check the duration themselves.
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
            // A new resource has no values yet.
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

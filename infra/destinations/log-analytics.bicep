metadata description = 'The destination of records in Microsoft Sentinel or Log Analytics: table, data collection rule, role, and function. Deployed to the resource group of the workspace, independently of main.bicep.'

targetScope = 'resourceGroup'

import { tagMap } from '../modules/types.bicep'

@description('Azure region; must be the one of the workspace.')
param location string = resourceGroup().location

@description('Tags of the data collection rule.')
param tags tagMap = {}

@description('Name of the Log Analytics workspace, in this resource group.')
param workspaceName string

@description('Object ID of the identity of Auditkeep: the output identityPrincipalId of its deployment.')
param principalId string

@description('Days during which records can be queried at full speed.')
@minValue(4)
@maxValue(730)
param retentionDays int = 90

@description('Days after which records are deleted, including the cheaper long-term retention.')
@minValue(4)
@maxValue(4383)
param totalRetentionDays int = 365

var tableName = 'AuditkeepRecords_CL'
var streamName = 'Custom-AuditkeepRecords'
var destinationName = 'workspace'
var monitoringMetricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

// As shared/destinations/kinds/log-analytics.ts writes them.
var columns = [
  {
    name: 'TimeGenerated'
    type: 'dateTime'
    description: 'CreationTime; the time of receipt if that is older than 2 days.'
  }
  { name: 'CreationTime', type: 'dateTime', description: 'When it happened.' }
  { name: 'RecordId', type: 'string', description: 'ID of the record, the same whenever it is sent.' }
  { name: 'OrganizationId', type: 'string', description: 'Tenant that the record belongs to.' }
  { name: 'TenantName', type: 'string', description: 'Display name of the tenant.' }
  { name: 'RecordType', type: 'int', description: 'Number of the record type.' }
  { name: 'RecordTypeName', type: 'string', description: 'Name of the record type.' }
  { name: 'Operation', type: 'string', description: 'What was done.' }
  { name: 'Workload', type: 'string', description: 'Service that it happened in.' }
  { name: 'UserId', type: 'string', description: 'Who did it.' }
  { name: 'UserKey', type: 'string', description: 'Another ID of the user.' }
  { name: 'UserType', type: 'string', description: 'Type of the user, by name.' }
  { name: 'ClientIP', type: 'string', description: 'IP address that it came from, without a port.' }
  { name: 'ObjectId', type: 'string', description: 'What it was done to.' }
  { name: 'ResultStatus', type: 'string', description: 'Outcome.' }
  { name: 'Sequence', type: 'long', description: 'Landing that delivered the record; grows.' }
  { name: 'Line', type: 'long', description: 'Line in that landing.' }
  { name: 'RecordTruncated', type: 'boolean', description: 'True if Record is only the beginning, as a string.' }
  { name: 'Record', type: 'dynamic', description: 'The record as Microsoft delivered it.' }
]

resource workspace 'Microsoft.OperationalInsights/workspaces@2026-03-01' existing = {
  name: workspaceName
}

resource table 'Microsoft.OperationalInsights/workspaces/tables@2026-03-01' = {
  parent: workspace
  name: tableName
  properties: {
    plan: 'Analytics'
    retentionInDays: retentionDays
    totalRetentionInDays: max(retentionDays, totalRetentionDays)
    schema: {
      name: tableName
      description: 'Microsoft 365 audit records that Auditkeep collected.'
      columns: columns
    }
  }
}

resource rule 'Microsoft.Insights/dataCollectionRules@2024-03-11' = {
  // The table must exist before a rule names it.
  dependsOn: [table]
  name: 'dcr-auditkeep-records'
  location: location
  tags: tags
  // With an endpoint of its own.
  kind: 'Direct'
  properties: {
    description: 'Takes audit records from Auditkeep.'
    streamDeclarations: {
      '${streamName}': {
        columns: [for column in columns: { name: column.name, type: toLower(column.type) }]
      }
    }
    destinations: {
      logAnalytics: [{ name: destinationName, workspaceResourceId: workspace.id }]
    }
    dataFlows: [
      {
        streams: [streamName]
        destinations: [destinationName]
        // Records are mapped before they are sent.
        transformKql: 'source'
        outputStream: 'Custom-${tableName}'
      }
    ]
  }
}

// Rows that the service took and could not store appear in the table DCRLogErrors.
#disable-next-line use-recent-api-versions // the only stable version is from 2016 and supports neither names nor category groups
resource errors 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'errors'
  scope: rule
  properties: {
    workspaceId: workspace.id
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

resource publisher 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(rule.id, principalId, monitoringMetricsPublisher)
  scope: rule
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', monitoringMetricsPublisher)
    description: 'Auditkeep: sends records'
  }
}

resource officeActivity 'Microsoft.OperationalInsights/workspaces/savedSearches@2026-03-01' = {
  parent: workspace
  dependsOn: [table]
  name: 'OfficeActivity_Auditkeep'
  properties: {
    category: 'Auditkeep'
    displayName: 'OfficeActivity_Auditkeep'
    functionAlias: 'OfficeActivity_Auditkeep'
    query: loadTextContent('office-activity.kql')
    version: 2
  }
}

@description('The setting endpoint of the destination.')
output endpoint string = rule.properties.endpoints.logsIngestion

@description('The setting immutableId of the destination.')
output immutableId string = rule.properties.immutableId

@description('The setting stream of the destination; it is the default.')
output stream string = streamName

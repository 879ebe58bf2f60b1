metadata description = 'The workbook: freshness and completeness of every tenant, and current problems.'

import { tagMap } from 'types.bicep'

@description('Azure region.')
param location string
@description('Tags of every resource.')
param tags tagMap
@description('Log Analytics workspace that the workbook queries.')
param workspaceId string
@description('Prefix of all names.')
param prefix string

// The workbook contains "@name" as a placeholder for the query of that name.
var queries = {
  dollars: loadTextContent('../workbook/dollars.kql')
  drift: loadTextContent('../workbook/drift.kql')
  events: loadTextContent('../workbook/events.kql')
  'failed-invocations': loadTextContent('../workbook/failed-invocations.kql')
  freshness: loadTextContent('../workbook/freshness.kql')
  lag: loadTextContent('../workbook/lag.kql')
  poison: loadTextContent('../workbook/poison.kql')
  polls: loadTextContent('../workbook/polls.kql')
  'server-errors': loadTextContent('../workbook/server-errors.kql')
  summary: loadTextContent('../workbook/summary.kql')
  tenants: loadTextContent('../workbook/tenants.kql')
  throttles: loadTextContent('../workbook/throttles.kql')
  volume: loadTextContent('../workbook/volume.kql')
}

@description('A string, escaped as JSON.')
func quoted(text string) string => substring(string([text]), 1, max(0, length(string([text])) - 2))

var serializedData = reduce(
  items(union(queries, { workspace: workspaceId })),
  loadTextContent('../workbook/workbook.json'),
  (workbook, entry) => replace(workbook, '"@${entry.key}"', quoted(entry.value))
)

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  // The name of a workbook is a GUID, and must stay the same.
  name: guid(resourceGroup().id, prefix, 'workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: '${prefix}: audit trails'
    category: 'workbook'
    sourceId: workspaceId
    serializedData: serializedData
    version: 'Notebook/1.0'
  }
}

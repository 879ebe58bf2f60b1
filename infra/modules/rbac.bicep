metadata description = 'The role assignments of the identity of the app, except for the vault (module keyvault).'

@description('Object ID of the identity.')
param principalId string

@description('Name of the storage account.')
param storageAccountName string

@description('Name of the Application Insights component.')
param componentName string

// Each on the whole account, because no narrower scope works: the host creates poison queues, and the app creates and
// deletes the tables of records.
var storageRoles = {
  // Not Message Processor, because returning a failed message to the queue is an update.
  'Storage Queue Data Contributor': '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  'Storage Table Data Contributor': '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
}
// On each container alone. The app only reads the package that it runs from: someone who took the app over could
// otherwise replace it. A deployment gets the right to write for as long as it lasts (docs/deploy.md).
var blobDataOwner = { name: 'Storage Blob Data Owner', id: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b' }
var blobDataContributor = { name: 'Storage Blob Data Contributor', id: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe' }
var blobDataReader = { name: 'Storage Blob Data Reader', id: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1' }
var containerRoles = [
  { container: 'raw', role: blobDataContributor }
  { container: 'rejected', role: blobDataContributor }
  { container: 'exports', role: blobDataContributor }
  { container: 'uploads', role: blobDataContributor }
  { container: 'evidence', role: blobDataContributor }
  { container: 'segments', role: blobDataContributor }
  // Leases of timers and keys, for which the host asks for this role.
  { container: 'azure-webjobs-hosts', role: blobDataOwner }
  { container: 'azure-webjobs-secrets', role: blobDataOwner }
  { container: 'app-package', role: blobDataReader }
]
var monitoringMetricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

resource account 'Microsoft.Storage/storageAccounts@2026-06-01' existing = {
  name: storageAccountName
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource storageAssignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in items(storageRoles): {
    name: guid(account.id, principalId, role.value)
    scope: account
    properties: {
      principalId: principalId
      // Explicit, so that Azure does not look up an identity that is seconds old and may not be replicated yet.
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.value)
      description: 'Auditkeep: ${role.key}'
    }
  }
]

resource container 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-06-01' existing = [
  for one in containerRoles: {
    #disable-next-line use-parent-property // the name of the account is a parameter, and the service has one name only
    name: '${storageAccountName}/default/${one.container}'
  }
]

resource containerAssignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (one, index) in containerRoles: {
    name: guid(account.id, one.container, principalId, one.role.id)
    scope: container[index]
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', one.role.id)
      description: 'Auditkeep: ${one.role.name}'
    }
  }
]

resource telemetryAssignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(component.id, principalId, monitoringMetricsPublisher)
  scope: component
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', monitoringMetricsPublisher)
    description: 'Auditkeep: Monitoring Metrics Publisher'
  }
}

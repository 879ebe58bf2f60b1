metadata description = 'Auditkeep in one resource group. Wiring only: each resource is in a module.'

targetScope = 'resourceGroup'

import { tagMap } from 'modules/types.bicep'
import { settingMap } from 'modules/functionapp.bicep'

@description('Azure region; it has to offer Flex Consumption.')
param location string = resourceGroup().location

@description('Beginning of all names: 3 to 10 letters and digits.')
@minLength(3)
@maxLength(10)
param prefix string = 'auditkeep'

@description('Tags of every resource.')
param tags tagMap = {}

@description('Client id of the multi-tenant app registration (docs/deploy.md makes it).')
param clientId string

@description('Tenant id of the publisher: yours, that of this subscription.')
param publisherId string = tenant().tenantId

@description('How the app proves itself to Microsoft 365. The identity itself needs no secret; the others read theirs from the vault.')
param credential 'managedIdentity' | 'certificate' | 'secret' = 'managedIdentity'

@description('More settings of docs/configuration.md, such as AUDITKEEP_PUBLIC_URL. What is set in the portal is lost with the next deployment.')
param moreSettings settingMap = {}

@description('Version of Node.js.')
param nodeVersion '22' | '24' = '22'

@description('How many instances there may be at most, whatever the load: the ceiling of this bill.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = 40

@description('How often Azure keeps the data, and how far apart.')
param redundancy 'Standard_LRS' | 'Standard_ZRS' | 'Standard_GRS' | 'Standard_GZRS' = 'Standard_LRS'

@description('Days a raw blob can be neither changed nor deleted, by anybody: no tenant can be removed before. 0: no such policy.')
@minValue(0)
@maxValue(146000)
param rawImmutableDays int = 0

@description('E-mail address that alerts are sent to.')
param alertEmail string

@description('Gigabytes of telemetry a day after which no more is taken: the ceiling of this bill.')
@minValue(1)
param dailyCapGb int = 1

@description('Days telemetry is kept. The first 30 are in its price.')
@minValue(30)
@maxValue(730)
param telemetryDays int = 30

@description('Expected cost of a month, in the currency of the subscription. 0: no budget.')
@minValue(0)
param monthlyBudget int = 0

@description('First day of the month the budget begins in, yyyy-MM-01; needed with a budget. Azure does not let it be changed later.')
param budgetStart string = ''

@description('Whether storage and vault are reached through private endpoints only, which costs by the hour and endpoint.')
param isolated bool = false

@description('Address range of the network of an isolated deployment, /24 or larger.')
param networkRange string = '10.80.0.0/24'

@description('Addresses, or ranges of them, from which administrators reach the vault of an isolated deployment.')
param administratorAddresses string[] = []

// The same group has the same names, however often it is deployed.
var suffix = take(uniqueString(resourceGroup().id), 8)
var allTags = union({ application: 'auditkeep' }, tags)
var storageAccountName = toLower('st${prefix}${suffix}')
var componentName = 'appi-${prefix}-${suffix}'

module identity 'modules/identity.bicep' = {
  params: {
    location: location
    tags: allTags
    identityName: 'id-${prefix}-${suffix}'
  }
}

module monitoring 'modules/monitoring.bicep' = {
  params: {
    location: location
    tags: allTags
    workspaceName: 'log-${prefix}-${suffix}'
    componentName: componentName
    actionGroupName: 'ag-${prefix}-${suffix}'
    dailyCapGb: dailyCapGb
    retentionDays: telemetryDays
    alertEmail: alertEmail
  }
}

module storage 'modules/storage.bicep' = {
  params: {
    location: location
    tags: allTags
    accountName: storageAccountName
    redundancy: redundancy
    publicNetworkAccess: isolated ? 'Disabled' : 'Enabled'
    rawImmutableDays: rawImmutableDays
    workspaceId: monitoring.outputs.workspaceId
  }
}

module rbac 'modules/rbac.bicep' = {
  // Given by name, so that a what-if can see through to the assignments: hence the order has to be said.
  dependsOn: [storage, monitoring]
  params: {
    #disable-next-line what-if-short-circuiting // names of assignments hold it: a new identity gets new ones
    principalId: identity.outputs.principalId
    storageAccountName: storageAccountName
    componentName: componentName
  }
}

module keyvault 'modules/keyvault.bicep' = {
  params: {
    location: location
    tags: allTags
    vaultName: 'kv-${prefix}-${suffix}'
    #disable-next-line what-if-short-circuiting // names of assignments hold it: a new identity gets new ones
    principalId: identity.outputs.principalId
    isolated: isolated
    administratorAddresses: administratorAddresses
    workspaceId: monitoring.outputs.workspaceId
  }
}

module network 'modules/network.bicep' = if (isolated) {
  params: {
    location: location
    tags: allTags
    networkName: 'vnet-${prefix}-${suffix}'
    addressPrefix: networkRange
    storageId: storage.outputs.id
    vaultId: keyvault.outputs.id
  }
}

module functionapp 'modules/functionapp.bicep' = {
  // Without its roles the app cannot even read its own package.
  dependsOn: [rbac]
  params: {
    location: location
    tags: allTags
    planName: 'plan-${prefix}-${suffix}'
    siteName: 'func-${prefix}-${suffix}'
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    nodeVersion: nodeVersion
    maximumInstances: maximumInstances
    packageContainerUrl: storage.outputs.packageContainerUrl
    storageEndpoints: storage.outputs.endpoints
    componentConnectionString: monitoring.outputs.componentConnectionString
    vaultUri: keyvault.outputs.uri
    clientId: clientId
    publisherId: publisherId
    credential: credential
    moreSettings: moreSettings
    subnetId: network.?outputs.appSubnetId
    workspaceId: monitoring.outputs.workspaceId
  }
}

module alerts 'modules/alerts.bicep' = {
  params: {
    location: location
    tags: allTags
    workspaceId: monitoring.outputs.workspaceId
    componentId: monitoring.outputs.componentId
    siteId: functionapp.outputs.id
    storageId: storage.outputs.id
    vaultId: keyvault.outputs.id
    actionGroupId: monitoring.outputs.actionGroupId
    prefix: prefix
  }
}

module workbook 'modules/workbook.bicep' = {
  params: {
    location: location
    tags: allTags
    workspaceId: monitoring.outputs.workspaceId
    prefix: prefix
  }
}

module budget 'modules/budget.bicep' = if (monthlyBudget > 0) {
  params: {
    budgetName: 'budget-${prefix}-${suffix}'
    amount: monthlyBudget
    startDate: empty(budgetStart) ? fail('monthlyBudget needs budgetStart, yyyy-MM-01.') : budgetStart
    alertEmail: alertEmail
  }
}

@description('Name of the Function App: where the package is deployed to.')
output functionAppName string = functionapp.outputs.name

@description('Root of the HTTP interface.')
output apiUrl string = 'https://${functionapp.outputs.hostName}/api'

@description('Object id of the identity: the subject of the federated credential of the app registration.')
output identityPrincipalId string = identity.outputs.principalId

@description('Client id of the identity.')
output identityClientId string = identity.outputs.clientId

@description('Name of the vault that the signing key is put into.')
output vaultName string = keyvault.outputs.name

@description('Name of the storage account.')
output storageAccountName string = storage.outputs.name

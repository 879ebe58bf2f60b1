metadata description = 'Auditkeep in one resource group. Only wiring: each resource is in a module.'

targetScope = 'resourceGroup'

import { tagMap } from 'modules/types.bicep'
import { settingMap } from 'modules/functionapp.bicep'

@description('Azure region; must offer Flex Consumption.')
param location string = resourceGroup().location

@description('Prefix of all names: 3 to 10 letters and digits.')
@minLength(3)
@maxLength(10)
param prefix string = 'auditkeep'

@description('Tags of every resource.')
param tags tagMap = {}

@description('Client ID of the multi-tenant app registration (created in docs/deploy.md).')
param clientId string

@description('Tenant ID of the publisher: your own, the one of this subscription.')
param publisherId string = tenant().tenantId

@description('How the app authenticates to Microsoft 365. The managed identity needs no secret; the other methods read theirs from the vault.')
param credential 'managedIdentity' | 'certificate' | 'secret' = 'managedIdentity'

@description('Additional settings from docs/configuration.md, such as AUDITKEEP_PUBLIC_URL. Settings made in the portal are lost with the next deployment.')
param moreSettings settingMap = {}

@description('Accept what the signing key before the current one signed. The vault must hold it as previous-signing-key. See docs/operations.md, Rotating keys.')
param keepPreviousSigningKey bool = false

@description('Node.js version.')
param nodeVersion '22' | '24' = '22'

@description('Maximum number of instances, regardless of load. It limits the cost of compute.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = 40

@description('Redundancy of the storage account: number and distance of the copies.')
param redundancy 'Standard_LRS' | 'Standard_ZRS' | 'Standard_GRS' | 'Standard_GZRS' = 'Standard_LRS'

@description('Days during which no one can change or delete a raw blob, so a tenant cannot be purged earlier. 0: no immutability policy.')
@minValue(0)
@maxValue(146000)
param rawImmutableDays int = 0

@description('Days during which no one can change or delete a daily checkpoint of the chains (docs/evidence.md). 0: no immutability policy.')
@minValue(0)
@maxValue(146000)
param evidenceImmutableDays int = 0

@description('Email address that receives alerts.')
param alertEmail string

@description('Gigabytes of telemetry per day, after which no more is accepted. It limits the cost of telemetry.')
@minValue(1)
param dailyCapGb int = 1

@description('Retention of telemetry in days. The first 30 days are included in the price.')
@minValue(30)
@maxValue(730)
param telemetryDays int = 30

@description('Expected monthly cost, in the currency of the subscription. 0: no budget.')
@minValue(0)
param monthlyBudget int = 0

@description('First day of the month in which the budget starts, yyyy-MM-01; required with a budget. Azure does not allow it to be changed later.')
param budgetStart string = ''

@description('Whether storage and vault can only be reached through private endpoints, which are billed by the hour.')
param isolated bool = false

@description('Address range of the virtual network of an isolated deployment, /24 or larger.')
param networkRange string = '10.80.0.0/24'

@description('IP addresses or ranges from which administrators reach the vault of an isolated deployment.')
param administratorAddresses string[] = []

// Names depend only on the group, so that repeated deployments keep them.
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
    evidenceImmutableDays: evidenceImmutableDays
    workspaceId: monitoring.outputs.workspaceId
  }
}

module rbac 'modules/rbac.bicep' = {
  // Passed as names, so that what-if can show the assignments; the order must therefore be explicit.
  dependsOn: [storage, monitoring]
  params: {
    #disable-next-line what-if-short-circuiting // assignment names contain it, so a new identity gets new assignments
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
    #disable-next-line what-if-short-circuiting // assignment names contain it, so a new identity gets new assignments
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
    keepPreviousSigningKey: keepPreviousSigningKey
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

@description('Name of the Function App to which the package is deployed.')
output functionAppName string = functionapp.outputs.name

@description('Base URL of the HTTP interface.')
output apiUrl string = 'https://${functionapp.outputs.hostName}/api'

@description('Object ID of the identity: the subject of the federated credential of the app registration.')
output identityPrincipalId string = identity.outputs.principalId

@description('Client ID of the identity.')
output identityClientId string = identity.outputs.clientId

@description('Name of the vault that stores the signing key.')
output vaultName string = keyvault.outputs.name

@description('Name of the storage account.')
output storageAccountName string = storage.outputs.name

@description('Resource ID of the container with the app package, which only deployments may write.')
output packageContainerId string = '${storage.outputs.id}/blobServices/default/containers/app-package'

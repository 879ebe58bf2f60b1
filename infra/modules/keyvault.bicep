metadata description = 'The vault of the few secrets there are. Nothing here writes one: README.md says how they are put in.'

import { tagMap } from 'types.bicep'

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags tagMap

@description('Name of the vault, unique in the world.')
param vaultName string

@description('Object id of the identity of the app, which reads the secrets.')
param principalId string

@description('Whether the vault answers only its private endpoint and the addresses below.')
param isolated bool

@description('Addresses, or ranges of them, from which administrators reach an isolated vault.')
param administratorAddresses string[]

@description('Resource id of the Log Analytics workspace that is told of every access.')
param workspaceId string

var keyVaultSecretsUser = '4633458b-17de-408a-b874-0445c86b69e6'

resource vault 'Microsoft.KeyVault/vaults@2026-05-15' = {
  name: vaultName
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    // Without the signing key, links and webhook subscriptions are void: it must not be possible to lose it.
    enablePurgeProtection: true
    // An isolated vault stays reachable for the addresses named, and for nobody else: its rules need the public side.
    publicNetworkAccess: isolated && empty(administratorAddresses) ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: isolated ? 'Deny' : 'Allow'
      ipRules: [for address in administratorAddresses: { value: address }]
    }
  }
}

// On the vault, not on each secret: the secrets are put in later, and the vault holds nothing but this app's.
resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, principalId, keyVaultSecretsUser)
  scope: vault
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', keyVaultSecretsUser)
    description: 'Auditkeep: Key Vault Secrets User'
  }
}

#disable-next-line use-recent-api-versions // the only stable version is of 2016 and knows neither names nor groups
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'audit', enabled: true }]
  }
}

@description('Resource id of the vault.')
output id string = vault.id

@description('Name of the vault.')
output name string = vault.name

@description('Address of the vault, with a slash at its end.')
output uri string = vault.properties.vaultUri

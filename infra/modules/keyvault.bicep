metadata description = 'The vault for the few secrets. The templates do not write any; README.md explains how to store them.'

import { tagMap } from 'types.bicep'

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags tagMap

@description('Name of the vault, globally unique.')
param vaultName string

@description('Object ID of the app\'s identity, which reads the secrets.')
param principalId string

@description('Whether the vault only answers its private endpoint and the addresses below.')
param isolated bool

@description('IP addresses or ranges from which administrators reach an isolated vault.')
param administratorAddresses string[]

@description('Resource ID of the Log Analytics workspace that logs every access.')
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
    // Without the signing key, links and webhook subscriptions stop working, so losing it must be impossible.
    enablePurgeProtection: true
    // An isolated vault stays reachable from the listed addresses only, which requires public access with IP rules.
    publicNetworkAccess: isolated && empty(administratorAddresses) ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: isolated ? 'Deny' : 'Allow'
      ipRules: [for address in administratorAddresses: { value: address }]
    }
  }
}

// On the vault rather than on each secret: the secrets are stored later, and the vault only contains this app's secrets.
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

#disable-next-line use-recent-api-versions // the only stable version is from 2016 and supports neither names nor category groups
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'audit', enabled: true }]
  }
}

@description('Resource ID of the vault.')
output id string = vault.id

@description('Name of the vault.')
output name string = vault.name

@description('Address of the vault, with a trailing slash.')
output uri string = vault.properties.vaultUri

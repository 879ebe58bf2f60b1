metadata description = 'The storage account: everything Auditkeep keeps, and the package it runs from.'

import { tagMap } from 'types.bicep'

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags tagMap

@description('Name of the account, unique in the world.')
param accountName string

@description('How often Azure keeps the data, and how far apart.')
param redundancy 'Standard_LRS' | 'Standard_ZRS' | 'Standard_GRS' | 'Standard_GZRS'

@description('Whether the account answers outside its private endpoints. Without a credential it answers nobody.')
param publicNetworkAccess 'Enabled' | 'Disabled'

@description('Days a raw blob can be neither changed nor deleted, by anybody. 0: no such policy.')
@minValue(0)
@maxValue(146000)
param rawImmutableDays int

@description('Resource id of the Log Analytics workspace that is told of writes and deletions.')
param workspaceId string

var packageContainer = 'app-package'
var containers = ['raw', 'rejected', 'exports', packageContainer]

// Made here, poison queues included, so that they can be watched before anything has gone wrong.
var workQueues = [
  'raw-blobs'
  'poll-requests'
  'enablement-steps'
  'export-runs'
  'tenant-checks'
  'tenant-removals'
  'webhook-deliveries'
]
var queues = flatten(map(workQueues, queue => [queue, '${queue}-poison']))

// The tables of records, one for each tenant and month, are made by the app.
var tables = [
  'AccessLog'
  'ApiKeys'
  'Checkpoints'
  'Consents'
  'Enablements'
  'Exports'
  'Gaps'
  'Landings'
  'Ledger'
  'Postures'
  'Removals'
  'Repeats'
  'RoleHolders'
  'Searches'
  'Tenants'
  'WebhookSubscriptions'
  'Webhooks'
]

var softDeleteDays = 7

resource account 'Microsoft.Storage/storageAccounts@2026-06-01' = {
  name: accountName
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: redundancy }
  properties: {
    accessTier: 'Hot'
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    supportsHttpsTrafficOnly: true
    minimumTlsVersion: 'TLS1_2'
    publicNetworkAccess: publicNetworkAccess
    networkAcls: {
      bypass: 'None'
      defaultAction: publicNetworkAccess == 'Enabled' ? 'Allow' : 'Deny'
    }
  }

  resource blobService 'blobServices' = {
    name: 'default'
    properties: {
      deleteRetentionPolicy: { enabled: true, days: softDeleteDays }
      containerDeleteRetentionPolicy: { enabled: true, days: softDeleteDays }
    }

    resource container 'containers' = [
      for name in containers: {
        name: name
        properties: { publicAccess: 'None' }
      }
    ]
  }

  resource queueService 'queueServices' = {
    name: 'default'

    resource queue 'queues' = [for name in queues: { name: name }]
  }

  resource tableService 'tableServices' = {
    name: 'default'

    resource table 'tables' = [for name in tables: { name: name }]
  }

  resource lifecycle 'managementPolicies' = {
    name: 'default'
    dependsOn: [blobService]
    properties: {
      policy: {
        rules: [
          {
            // The app deletes its exports after 7 days; this is the net below it. Raw blobs stay hot: they are small,
            // and moving one to a cooler tier costs more than a year of the difference.
            name: 'expire-exports'
            enabled: true
            type: 'Lifecycle'
            definition: {
              filters: { blobTypes: ['blockBlob'], prefixMatch: ['exports/'] }
              actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 14 } } }
            }
          }
        ]
      }
    }
  }
}

// Unlocked: it can still be shortened or taken away by an administrator. Locking it is for good, and done by hand.
resource rawImmutability 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2026-06-01' = if (rawImmutableDays > 0) {
  #disable-next-line use-parent-property // the parent is one of a loop
  name: '${accountName}/default/raw/default'
  dependsOn: [account::blobService::container]
  properties: {
    immutabilityPeriodSinceCreationInDays: rawImmutableDays
    allowProtectedAppendWrites: false
  }
}

// Who wrote and who deleted, as Azure saw it: evidence that does not come from the app itself.
var watchedOperations = [for category in ['StorageWrite', 'StorageDelete']: { category: category, enabled: true }]

#disable-next-line use-recent-api-versions // the only stable version is of 2016 and knows neither names nor groups
resource blobDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account::blobService
  properties: { workspaceId: workspaceId, logs: watchedOperations }
}

#disable-next-line use-recent-api-versions // the only stable version is of 2016 and knows neither names nor groups
resource queueDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account::queueService
  properties: { workspaceId: workspaceId, logs: watchedOperations }
}

@description('Resource id of the account.')
output id string = account.id

@description('Name of the account.')
output name string = account.name

@description('Addresses of the services the app speaks to.')
output endpoints endpointMap = {
  blob: account.properties.primaryEndpoints.blob
  queue: account.properties.primaryEndpoints.queue
  table: account.properties.primaryEndpoints.table
}

@description('Where the app is deployed to.')
output packageContainerUrl string = '${account.properties.primaryEndpoints.blob}${packageContainer}'

@export()
@description('Address of each service of the storage account.')
type endpointMap = {
  @description('Blob service.')
  blob: string

  @description('Queue service.')
  queue: string

  @description('Table service.')
  table: string
}

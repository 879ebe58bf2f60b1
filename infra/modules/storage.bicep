metadata description = 'The storage account: all data that Auditkeep stores, and the package that it runs from.'

import { tagMap } from 'types.bicep'

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags tagMap

@description('Name of the account, globally unique.')
param accountName string

@description('Redundancy: number and distance of the copies.')
param redundancy 'Standard_LRS' | 'Standard_ZRS' | 'Standard_GRS' | 'Standard_GZRS'

@description('Whether the account can be reached outside its private endpoints. It always requires a credential.')
param publicNetworkAccess 'Enabled' | 'Disabled'

@description('Days during which no one can change or delete a raw blob. 0: no immutability policy.')
@minValue(0)
@maxValue(146000)
param rawImmutableDays int

@description('Days during which no one can change or delete a checkpoint of the chains. 0: no immutability policy.')
@minValue(0)
@maxValue(146000)
param evidenceImmutableDays int

@description('Resource ID of the Log Analytics workspace that logs writes and deletions.')
param workspaceId string

var packageContainer = 'app-package'
// Those of the Functions host are created here, so that the app needs no right to create containers.
var containers = [
  'raw'
  'rejected'
  'exports'
  'uploads'
  'evidence'
  'segments'
  'azure-webjobs-hosts'
  'azure-webjobs-secrets'
  packageContainer
]

// Created here, including poison queues, so that they can be monitored before anything has failed.
var workQueues = [
  'raw-blobs'
  'poll-requests'
  'operations'
  'tenant-checks'
  'webhook-deliveries'
  'destination-deliveries'
  'notifications'
]
var queues = flatten(map(workQueues, queue => [queue, '${queue}-poison']))

// The app creates the tables of records, one per tenant and month.
var tables = [
  'AccessLog'
  'ApiKeys'
  'Arrivals'
  'ChannelDeliveries'
  'Channels'
  'Checkpoints'
  'Consents'
  'Cursors'
  'DeadLetters'
  'Destinations'
  'Findings'
  'Gaps'
  'Landings'
  'Ledger'
  'MonthLayouts'
  'LegalHolds'
  'Operations'
  'PageTokens'
  'PoisonMessages'
  'Postures'
  'Repeats'
  'ReportSchedules'
  'RoleHolders'
  'Searches'
  'Tenants'
  'WatchStates'
  'Watches'
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
            // The app deletes its exports after 7 days; this is the safety net. Raw blobs stay hot: they are small, so
            // moving one to a cooler tier costs more than it saves in a year.
            name: 'expire-exports'
            enabled: true
            type: 'Lifecycle'
            definition: {
              filters: { blobTypes: ['blockBlob'], prefixMatch: ['exports/'] }
              actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 14 } } }
            }
          }
          {
            // The app deletes an upload when its import ends. This is for those that were never imported.
            name: 'expire-uploads'
            enabled: true
            type: 'Lifecycle'
            definition: {
              filters: { blobTypes: ['blockBlob'], prefixMatch: ['uploads/'] }
              actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 14 } } }
            }
          }
        ]
      }
    }
  }
}

// Unlocked, so an administrator can still shorten or remove it. Locking is permanent and done by hand.
resource rawImmutability 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2026-06-01' = if (rawImmutableDays > 0) {
  #disable-next-line use-parent-property // the parent is in a loop
  name: '${accountName}/default/raw/default'
  dependsOn: [account::blobService::container]
  properties: {
    immutabilityPeriodSinceCreationInDays: rawImmutableDays
    allowProtectedAppendWrites: false
  }
}

resource evidenceImmutability 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2026-06-01' = if (evidenceImmutableDays > 0) {
  #disable-next-line use-parent-property // the parent is in a loop
  name: '${accountName}/default/evidence/default'
  dependsOn: [account::blobService::container]
  properties: {
    immutabilityPeriodSinceCreationInDays: evidenceImmutableDays
    allowProtectedAppendWrites: false
  }
}

// Who wrote and deleted, as recorded by Azure: evidence that does not come from the app itself.
var watchedOperations = [for category in ['StorageWrite', 'StorageDelete']: { category: category, enabled: true }]

#disable-next-line use-recent-api-versions // the only stable version is from 2016 and supports neither names nor category groups
resource blobDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account::blobService
  properties: { workspaceId: workspaceId, logs: watchedOperations }
}

#disable-next-line use-recent-api-versions // the only stable version is from 2016 and supports neither names nor category groups
resource queueDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account::queueService
  properties: { workspaceId: workspaceId, logs: watchedOperations }
}

// Who else wrote where client keys and the access log are. About 1.5 KB for each transaction, also of the index: some
// 0.1 GB per million records, which the daily cap of the workspace limits.
#disable-next-line use-recent-api-versions // the only stable version is from 2016 and supports neither names nor category groups
resource tableDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account::tableService
  properties: { workspaceId: workspaceId, logs: watchedOperations }
}

@description('Resource ID of the account.')
output id string = account.id

@description('Name of the account.')
output name string = account.name

@description('Addresses of the services that the app uses.')
output endpoints endpointMap = {
  blob: account.properties.primaryEndpoints.blob
  queue: account.properties.primaryEndpoints.queue
  table: account.properties.primaryEndpoints.table
}

@description('URL of the container with the app package.')
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

metadata description = 'The destination of records as Parquet files: a data lake with a container, and the role to write there. Deployed to the resource group of the lake, independently of main.bicep.'

targetScope = 'resourceGroup'

import { tagMap } from '../modules/types.bicep'

@description('Azure region.')
param location string = resourceGroup().location

@description('Tags of the storage account.')
param tags tagMap = {}

@description('Name of the storage account, globally unique.')
@minLength(3)
@maxLength(24)
param accountName string

@description('Redundancy: number and distance of the copies.')
param redundancy 'Standard_LRS' | 'Standard_ZRS' | 'Standard_GRS' | 'Standard_GZRS' = 'Standard_ZRS'

@description('Object ID of the identity of Auditkeep: the output identityPrincipalId of its deployment.')
param principalId string

@description('Days after which files are deleted. 0: never.')
@minValue(0)
@maxValue(36500)
param deleteAfterDays int = 0

var containerName = 'records'
var storageBlobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'

resource account 'Microsoft.Storage/storageAccounts@2026-06-01' = {
  name: accountName
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: redundancy }
  properties: {
    accessTier: 'Hot'
    // Folders that engines list and rename as such: Azure Data Lake Storage Gen2.
    isHnsEnabled: true
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    supportsHttpsTrafficOnly: true
    minimumTlsVersion: 'TLS1_2'
  }

  resource blobService 'blobServices' = {
    name: 'default'
    properties: {
      deleteRetentionPolicy: { enabled: true, days: 7 }
      containerDeleteRetentionPolicy: { enabled: true, days: 7 }
    }

    resource container 'containers' = {
      name: containerName
      properties: { publicAccess: 'None' }
    }
  }

  resource lifecycle 'managementPolicies' = if (deleteAfterDays > 0) {
    name: 'default'
    dependsOn: [blobService]
    properties: {
      policy: {
        rules: [
          {
            name: 'delete-old-files'
            enabled: true
            type: 'Lifecycle'
            definition: {
              filters: { blobTypes: ['blockBlob'], prefixMatch: ['${containerName}/'] }
              // Files are never changed, so this is when they were stored, and not when it happened.
              actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: deleteAfterDays } } }
            }
          }
        ]
      }
    }
  }
}

resource writer 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::blobService::container.id, principalId, storageBlobDataContributor)
  scope: account::blobService::container
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageBlobDataContributor)
    description: 'Auditkeep: stores files of records'
  }
}

@description('The setting url of the destination.')
output url string = '${account.properties.primaryEndpoints.blob}${containerName}'

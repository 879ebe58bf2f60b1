metadata description = 'The destination of records in Event Hubs: namespace, event hub, consumer group, and the role to send. Deployed to a resource group of its readers, independently of main.bicep.'

targetScope = 'resourceGroup'

import { tagMap } from '../modules/types.bicep'

@description('Azure region.')
param location string = resourceGroup().location

@description('Tags of the namespace.')
param tags tagMap = {}

@description('Name of the namespace, globally unique.')
@minLength(6)
@maxLength(50)
param namespaceName string

@description('Tier. Basic has one consumer group, one day of retention, and no Kafka.')
param tier 'Basic' | 'Standard' = 'Standard'

@description('Throughput units, each 1 MB or 1,000 events a second; of the tier Standard, at first.')
@minValue(1)
@maxValue(40)
param throughputUnits int = 1

@description('Throughput units that Azure may add up to automatically; of the tier Standard.')
@minValue(1)
@maxValue(40)
param mostThroughputUnits int = 4

@description('Partitions, which cannot be changed later in these tiers: how many readers of a group share the work.')
@minValue(1)
@maxValue(32)
param partitions int = 4

@description('Hours for which readers can read an event: at most 24 in the tier Basic, and 168 in Standard.')
@minValue(1)
@maxValue(168)
param retentionHours int = 24

@description('Object ID of the identity of Auditkeep: the output identityPrincipalId of its deployment.')
param principalId string

var eventHubsDataSender = '2b629674-e913-4c01-ae53-ef4638d8f975'
var isStandard = tier == 'Standard'

resource namespace 'Microsoft.EventHub/namespaces@2026-01-01' = {
  name: namespaceName
  location: location
  tags: tags
  sku: { name: tier, tier: tier, capacity: throughputUnits }
  properties: {
    // Identities only: a key would let in anyone who has it.
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    isAutoInflateEnabled: isStandard && mostThroughputUnits > throughputUnits
    maximumThroughputUnits: isStandard ? max(mostThroughputUnits, throughputUnits) : 0
  }

  resource eventHub 'eventhubs' = {
    name: 'records'
    properties: {
      partitionCount: partitions
      retentionDescription: { cleanupPolicy: 'Delete', retentionTimeInHours: retentionHours }
    }

    // Each reader has its own, or they would take turns.
    resource readers 'consumergroups' = if (isStandard) {
      name: 'readers'
    }
  }
}

resource sender 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(namespace::eventHub.id, principalId, eventHubsDataSender)
  scope: namespace::eventHub
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', eventHubsDataSender)
    description: 'Auditkeep: sends records'
  }
}

@description('The setting host of the destination.')
output host string = replace(replace(namespace.properties.serviceBusEndpoint, 'https://', ''), ':443/', '')

@description('The setting eventHub of the destination.')
output eventHub string = namespace::eventHub.name

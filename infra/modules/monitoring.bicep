metadata description = 'The destination of telemetry, and the recipients of alerts.'

import { tagMap } from 'types.bicep'

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags tagMap

@description('Name of the Log Analytics workspace.')
param workspaceName string

@description('Name of the Application Insights component.')
param componentName string

@description('Name of the action group.')
param actionGroupName string

@description('Gigabytes per day, after which the workspace accepts no more. It limits the cost of telemetry.')
@minValue(1)
param dailyCapGb int

@description('Retention of telemetry in days.')
@minValue(30)
@maxValue(730)
param retentionDays int

@description('Email address that receives alerts.')
param alertEmail string

resource workspace 'Microsoft.OperationalInsights/workspaces@2026-03-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionDays
    workspaceCapping: { dailyQuotaGb: dailyCapGb }
    features: {
      // The workspace's shared key gives no access: only Entra identities may write and read.
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: componentName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    IngestionMode: 'LogAnalytics'
    // The instrumentation key alone cannot write: the app exports with its identity (module rbac).
    DisableLocalAuth: true
  }
}

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: actionGroupName
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'auditkeep'
    emailReceivers: [{ name: 'operations', emailAddress: alertEmail, useCommonAlertSchema: true }]
  }
}

@description('Resource ID of the workspace.')
output workspaceId string = workspace.id

@description('Resource ID of the component.')
output componentId string = component.id

@description('Where the app sends telemetry. It only contains an endpoint and gives no access, because local authentication is disabled.')
output componentConnectionString string = component.properties.ConnectionString

@description('Resource ID of the action group.')
output actionGroupId string = actionGroup.id

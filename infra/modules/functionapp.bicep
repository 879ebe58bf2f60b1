metadata description = 'The Function App on Flex Consumption: billed by execution, no always-ready instances.'

import { tagMap } from 'types.bicep'
import { endpointMap } from 'storage.bicep'

@description('Azure region; must offer Flex Consumption.')
param location string

@description('Tags of every resource.')
param tags tagMap

@description('Name of the plan.')
param planName string

@description('Name of the Function App, globally unique: it is part of the address.')
param siteName string

@description('Resource ID of the identity that the app runs as.')
param identityId string

@description('Client ID of that identity.')
param identityClientId string

@description('Node.js version. Azure accepts other values without a warning, but the app then does not start.')
param nodeVersion '22' | '24'

@description('Maximum number of instances, regardless of load. It limits the cost of compute.')
@minValue(40)
@maxValue(1000)
param maximumInstances int

@description('URL of the container with the app package.')
param packageContainerUrl string

@description('Addresses of the storage services.')
param storageEndpoints endpointMap

@description('Connection string of the component that receives telemetry.')
param componentConnectionString string

@description('Address of the vault, with a trailing slash.')
param vaultUri string

@description('Client ID of the multi-tenant app registration.')
param clientId string

@description('Tenant ID of the publisher.')
param publisherId string

@description('How the app authenticates to Microsoft 365.')
param credential 'managedIdentity' | 'certificate' | 'secret'

@description('Additional settings from docs/configuration.md.')
param moreSettings settingMap

@description('Resource ID of the subnet that the app joins, if any.')
param subnetId string?

@description('Whether the vault also holds the signing key before the current one, which is being replaced.')
param keepPreviousSigningKey bool

@description('Resource ID of the Log Analytics workspace.')
param workspaceId string

// Without a version, so that the app picks up a new one automatically, within a day.
func secretReference(vaultUri string, name string) string => '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${name})'

var credentialSettings = {
  managedIdentity: { AUDITKEEP_MANAGED_IDENTITY_CLIENT_ID: identityClientId }
  certificate: { AUDITKEEP_CERTIFICATE: secretReference(vaultUri, 'app-certificate') }
  secret: { AUDITKEEP_CLIENT_SECRET: secretReference(vaultUri, 'app-secret') }
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource site 'Microsoft.Web/sites@2025-03-01' = {
  name: siteName
  location: location
  // azd finds the app by this tag, which must match the service name in azure.yaml.
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    // Callers authenticate with a key, token, or signature (docs/access.md), not with a certificate.
    clientCertEnabled: false
    publicNetworkAccess: 'Enabled'
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: subnetId
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageContainerUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: { name: 'node', version: nodeVersion }
      scaleAndConcurrency: {
        // The smallest size: executions are billed by memory and time, and the app streams data.
        instanceMemoryMB: 512
        maximumInstanceCount: maximumInstances
      }
    }
  }

  resource settings 'config' = {
    name: 'appsettings'
    // Azure sets runtime, version, and package for Flex Consumption itself, and rejects them here.
    properties: union(
      moreSettings,
      {
        AUDITKEEP_KEY_VAULT_URL: vaultUri
        AzureWebJobsStorage__blobServiceUri: storageEndpoints.blob
        AzureWebJobsStorage__queueServiceUri: storageEndpoints.queue
        AzureWebJobsStorage__tableServiceUri: storageEndpoints.table
        AzureWebJobsStorage__credential: 'managedidentity'
        AzureWebJobsStorage__clientId: identityClientId
        APPLICATIONINSIGHTS_CONNECTION_STRING: componentConnectionString
        APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
        AUDITKEEP_CLIENT_ID: clientId
        AUDITKEEP_PUBLISHER_ID: publisherId
        AUDITKEEP_SIGNING_KEY: secretReference(vaultUri, 'signing-key')
        AUDITKEEP_CREDENTIAL: credential
      },
      credentialSettings[credential],
      keepPreviousSigningKey
        ? { AUDITKEEP_PREVIOUS_SIGNING_KEY: secretReference(vaultUri, 'previous-signing-key') }
        : {}
    )
  }

  // A deployment password would be a key as well: only Entra identities may deploy.
  resource noScmPassword 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource noFtpPassword 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }
}

#disable-next-line use-recent-api-versions // the only stable version is from 2016 and supports neither names nor category groups
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: site
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'FunctionAppLogs', enabled: true }]
  }
}

@description('Resource ID of the Function App.')
output id string = site.id

@description('Name of the Function App.')
output name string = site.name

@description('Public host name.')
output hostName string = site.properties.defaultHostName

@export()
@description('Settings by name.')
type settingMap = {
  @description('Value of the setting.')
  *: string
}

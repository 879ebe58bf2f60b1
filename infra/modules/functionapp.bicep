metadata description = 'The Function App on Flex Consumption: paid by execution, nothing kept running.'

import { tagMap } from 'types.bicep'
import { endpointMap } from 'storage.bicep'

@description('Azure region; it has to offer Flex Consumption.')
param location string

@description('Tags of every resource.')
param tags tagMap

@description('Name of the plan.')
param planName string

@description('Name of the Function App, unique in the world: its address begins with it.')
param siteName string

@description('Resource id of the identity the app runs as.')
param identityId string

@description('Client id of that identity.')
param identityClientId string

@description('Version of Node.js. Azure accepts others without a word, and the app then never starts.')
param nodeVersion '22' | '24'

@description('How many instances there may be at most, whatever the load: the ceiling of this bill.')
@minValue(40)
@maxValue(1000)
param maximumInstances int

@description('Where the package of the app lies.')
param packageContainerUrl string

@description('Addresses of the storage services.')
param storageEndpoints endpointMap

@description('Where telemetry is sent to.')
param componentConnectionString string

@description('Address of the vault, with a slash at its end.')
param vaultUri string

@description('Client id of the multi-tenant app registration.')
param clientId string

@description('Tenant id of the publisher.')
param publisherId string

@description('How the app proves itself to Microsoft 365.')
param credential 'managedIdentity' | 'certificate' | 'secret'

@description('More settings of docs/configuration.md.')
param moreSettings settingMap

@description('Resource id of the subnet the app joins, if any.')
param subnetId string?

@description('Resource id of the Log Analytics workspace.')
param workspaceId string

// Without a version, so that a new one is taken up by itself, within a day.
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
  // azd finds the app by this tag; azure.yaml calls the service so.
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    // Callers prove themselves by key, token or signature (docs/access.md), not by a certificate.
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
        // The smallest there is: an execution is paid by memory and time, and the app works in streams.
        instanceMemoryMB: 512
        maximumInstanceCount: maximumInstances
      }
    }
  }

  resource settings 'config' = {
    name: 'appsettings'
    // What Azure sets for Flex Consumption itself (runtime, version, package) must not be given here.
    properties: union(
      moreSettings,
      {
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
      credentialSettings[credential]
    )
  }

  // A password for deployments is a key, too: only Entra identities may deploy.
  resource noScmPassword 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource noFtpPassword 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }
}

#disable-next-line use-recent-api-versions // the only stable version is of 2016 and knows neither names nor groups
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: site
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'FunctionAppLogs', enabled: true }]
  }
}

@description('Resource id of the Function App.')
output id string = site.id

@description('Name of the Function App.')
output name string = site.name

@description('Name of its host in the internet.')
output hostName string = site.properties.defaultHostName

@export()
@description('Settings by name.')
type settingMap = {
  @description('Value of the setting.')
  *: string
}

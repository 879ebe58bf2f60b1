metadata description = 'The only identity of the app, used for storage, telemetry, the vault, and Microsoft 365.'

import { tagMap } from 'types.bicep'

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags tagMap

@description('Name of the identity.')
param identityName string

// User-assigned: its roles and the federated credential of the app registration survive when the app is recreated.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: identityName
  location: location
  tags: tags
}

@description('Resource ID.')
output id string = identity.id

@description('Object ID: roles are assigned to it, and it is the subject of the federated credential.')
output principalId string = identity.properties.principalId

@description('Client ID, with which the app selects the identity.')
output clientId string = identity.properties.clientId

metadata description = 'The one identity of the app: storage, telemetry, the vault and Microsoft 365 all know it by this.'

import { tagMap } from 'types.bicep'

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags tagMap

@description('Name of the identity.')
param identityName string

// User-assigned: its roles and the federated credential of the app registration survive when the app is made anew.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: identityName
  location: location
  tags: tags
}

@description('Resource id.')
output id string = identity.id

@description('Object id: what roles are given to, and the subject of the federated credential.')
output principalId string = identity.properties.principalId

@description('Client id: how the app says which identity it means.')
output clientId string = identity.properties.clientId

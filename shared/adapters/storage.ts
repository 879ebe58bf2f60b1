/** Access to the storage account for all adapters: by identity, or by connection string when local. */
import { AzureCliCredential, ChainedTokenCredential, ManagedIdentityCredential } from '@azure/identity';
import type { TokenCredential } from '@azure/identity';
import type { StorageSettings } from '../config.ts';

export interface StorageIdentity {
  readonly uri: string;
  readonly credential: TokenCredential;
}

export type StorageService = 'blob' | 'queue' | 'table';

/** A connection string, or a service's URL with its credential. */
export function storageAccess(settings: StorageSettings, service: StorageService): string | StorageIdentity {
  if (settings.kind === 'connectionString') return settings.connectionString;
  const uris = {
    blob: settings.blobServiceUri,
    queue: settings.queueServiceUri,
    table: settings.tableServiceUri,
  };
  return { uri: uris[service], credential: identityOf(settings.clientId) };
}

/** The given identity; otherwise the machine's own, or else the account that is signed in to the Azure CLI. */
export function identityOf(clientId: string | undefined): TokenCredential {
  if (clientId !== undefined) return new ManagedIdentityCredential({ clientId });
  return new ChainedTokenCredential(new ManagedIdentityCredential(), new AzureCliCredential());
}

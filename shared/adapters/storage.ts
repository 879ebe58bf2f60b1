/** Access to the storage account for all adapters: by identity, or by connection string when local. */
import {
  AzureCliCredential,
  ChainedTokenCredential,
  ManagedIdentityCredential,
  type TokenCredential,
} from '@azure/identity';
import { RestError } from '@azure/storage-blob';
import type { StorageSettings } from '../config.ts';

export interface StorageIdentity {
  readonly uri: string;
  readonly credential: TokenCredential;
}

export type StorageService = 'blob' | 'queue' | 'table';

/** A connection string, or a service's URL with its credential. */
export function storageAccess(settings: StorageSettings, service: StorageService): string | StorageIdentity {
  if (settings.kind === 'connectionString') return settings.connectionString;
  return { uri: settings[`${service}ServiceUri`], credential: identityOf(settings.clientId) };
}

/** The given identity; otherwise the machine's own, or else the account that is signed in to the Azure CLI. */
export function identityOf(clientId: string | undefined): TokenCredential {
  if (clientId !== undefined) return new ManagedIdentityCredential({ clientId });
  return new ChainedTokenCredential(new ManagedIdentityCredential(), new AzureCliCredential());
}

/** Whether storage refused a request with this code. Transactions have it in another place than single operations. */
export function hasErrorCode(error: unknown, code: string): error is RestError {
  if (!(error instanceof RestError)) return false;
  return error.code === code || JSON.stringify(error.details ?? '').includes(code);
}

/** Undefined when what a request is about does not exist. */
export async function unlessMissing<T>(request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof RestError && error.statusCode === 404) return undefined;
    throw error;
  }
}

/** False, with nothing written, when there is a blob of that name already. */
export async function unlessExists(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (hasErrorCode(error, 'BlobAlreadyExists')) return false;
    throw error;
  }
}

/** Sends a request; if it is refused with the code for a missing container, creates that and sends the request again. */
export async function creatingIfMissing<T>(
  missing: { readonly code: string; readonly create: () => Promise<unknown> },
  request: () => Promise<T>,
): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (!hasErrorCode(error, missing.code)) throw error;
    await missing.create();
    return await request();
  }
}

/** Creates a client key in storage, without the API. */
import { newApiKey, type Scope } from '../../shared/access/api-keys.ts';
import { createApiKeyStore } from '../../shared/adapters/tables/api-key-store.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import type { StorageSettings } from '../../shared/config.ts';

export interface CreateKeyOptions {
  readonly storage: StorageSettings;
  readonly name: string;
  /** A set of tenants, as `canonicalSet` writes it. */
  readonly tenants: string;
  readonly scopes: readonly Scope[];
  readonly expiresDateTime?: Date | undefined;
}

/** Stores the hash of a new key. Resolves with its text, which is not stored anywhere. */
export async function createKey({ storage, expiresDateTime, ...wanted }: CreateKeyOptions): Promise<string> {
  const { key, text } = newApiKey({ ...wanted, expiresDateTime }, new Date());
  await createApiKeyStore(createTables(storage)).create(key);
  return text;
}

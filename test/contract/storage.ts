/** Storage for the suites of one file, and ways in that do not work. */
import { afterAll, beforeAll } from 'vitest';
import type { StorageSettings } from '../../shared/config.ts';
import { openStorage, type TestStorage } from '../support/run/storage.ts';

/**
 * Opens an empty account before the file's tests and returns access to it.
 * @param tables of the local service, or Azurite's
 */
export function useStorage(tables?: 'azurite'): () => StorageSettings {
  let storage: TestStorage | undefined;
  beforeAll(async () => {
    storage = await openStorage(tables);
  });
  afterAll(() => storage?.close());
  return () => {
    if (storage === undefined) throw new Error('Storage is there only while tests run.');
    return { kind: 'connectionString', connectionString: storage.connectionString };
  };
}

/** The same storage, entered with a key that it refuses. */
export function lockedOut(settings: StorageSettings): StorageSettings {
  if (settings.kind !== 'connectionString') throw new Error('Only a connection string has a key.');
  const wrongKey = Buffer.alloc(64, 1).toString('base64');
  const connectionString = settings.connectionString.replace(/AccountKey=[^;]+/, `AccountKey=${wrongKey}`);
  return { kind: 'connectionString', connectionString };
}

/** The Azure Storage of a local run or a test: blobs and queues by Azurite, tables by a service that stays fast (docs/adr/0014). */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Azurite, type AzuriteOptions, startAzurite } from './azurite.ts';
import { startTables, type TablesOptions } from './tables-process.ts';

/** Next to Azurite's files. */
const tablesFolder = 'tables';

export interface LocalStorage extends Azurite {
  /** Like {@link Azurite.connectionStrings}, but with Azurite's tables. */
  readonly azurite: readonly string[];
}

export type LocalStorageOptions = AzuriteOptions & Omit<TablesOptions, 'accounts' | 'location'>;

/**
 * Starts both and resolves once blobs, queues and tables are served.
 * @throws {Error} when one of them does not start, and the other is stopped; or when the folder has tables in Azurite's format
 */
export async function startStorage(options: LocalStorageOptions = {}): Promise<LocalStorage> {
  const { accounts = ['devstoreaccount1'], location, ...tableOptions } = options;
  if (location !== undefined) await checkFolder(location);
  const azurite = await startAzurite({ accounts, ...(location === undefined ? {} : { location }) });
  const tables = await startTables({
    ...tableOptions,
    accounts: new Map(azurite.connectionStrings.map(accountOf)),
    location: location === undefined ? undefined : join(location, tablesFolder),
  }).catch(async (error: unknown) => {
    await azurite.stop();
    throw error;
  });
  const connectionStrings = azurite.connectionStrings.map((text) => withTablesOf(text, tables.ready));
  return {
    ...{
      connectionString: connectionStrings[0] ?? '',
      connectionStrings,
      azurite: azurite.connectionStrings,
    },
    ended: Promise.race([azurite.ended, tables.ended]),
    stop: async () => {
      await Promise.all([azurite.stop(), tables.stop()]);
    },
    kill: () => {
      azurite.kill();
      tables.kill();
    },
  };
}

/** Azurite always writes its file of tables, the service its folder only since it is in use. */
async function checkFolder(location: string): Promise<void> {
  const found: readonly string[] = await readdir(location).catch(() => []);
  if (found.includes('__azurite_db_table__.json') && !found.includes(tablesFolder))
    throw new Error(`${location} was written by an earlier version: choose another folder for the data`);
}

function accountOf(connectionString: string): readonly [name: string, key: string] {
  return [
    /AccountName=([^;]+)/.exec(connectionString)?.[1] ?? '',
    /AccountKey=([^;]+)/.exec(connectionString)?.[1] ?? '',
  ];
}

function withTablesOf(connectionString: string, address: string): string {
  return connectionString.replace(/TableEndpoint=http:\/\/[^/;]+/, `TableEndpoint=${address}`);
}

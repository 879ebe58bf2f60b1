/** A storage account for one test file, in the emulator that all of them share. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TableServiceClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import { inject } from 'vitest';
import * as z from 'zod';
import { accountsFile } from './global-setup.ts';
import { claim, whenPublished } from './publish.ts';

export interface TestStorage {
  /** Of an empty account that is not shared. */
  readonly connectionString: string;
  /** Deletes everything in it: Azurite keeps all of it in memory. */
  readonly close: () => Promise<void>;
}

const published = z.object({ connectionStrings: z.array(z.string()), azurite: z.array(z.string()) });

/**
 * Needs the projects `integration` or `slow`, whose set-up starts the emulator.
 * @param tables whether tables are in the local service, or in Azurite like blobs and queues
 */
export async function openStorage(
  tables: keyof typeof published.shape = 'connectionStrings',
): Promise<TestStorage> {
  const folder = inject('runFolder');
  const file = await readFile(await whenPublished(join(folder, accountsFile)), 'utf8');
  for (const [at, connectionString] of published.parse(JSON.parse(file))[tables].entries()) {
    if (await claim(join(folder, `account-${at}`)))
      return { connectionString, close: () => clear(connectionString) };
  }
  throw new Error('All storage accounts are taken: let test/support/run/global-setup.ts make more of them.');
}

async function clear(connectionString: string): Promise<void> {
  const tables = TableServiceClient.fromConnectionString(connectionString, { allowInsecureConnection: true });
  const blobs = BlobServiceClient.fromConnectionString(connectionString);
  const queues = QueueServiceClient.fromConnectionString(connectionString);
  for await (const { name } of tables.listTables()) if (name !== undefined) await tables.deleteTable(name);
  for await (const { name } of blobs.listContainers()) await blobs.deleteContainer(name);
  for await (const { name } of queues.listQueues()) await queues.deleteQueue(name);
}

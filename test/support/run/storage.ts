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
  /** Deletes everything in it: the emulator keeps all of it in memory, and becomes slower with every table. */
  readonly close: () => Promise<void>;
}

/** Needs the projects `integration` or `slow`, whose set-up starts the emulator. */
export async function openStorage(): Promise<TestStorage> {
  const folder = inject('runFolder');
  const file = await readFile(await whenPublished(join(folder, accountsFile)), 'utf8');
  for (const [at, connectionString] of z.array(z.string()).parse(JSON.parse(file)).entries()) {
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

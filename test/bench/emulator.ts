/** Clears the storage emulator between measurements, so that each begins with the same. */
import { TableServiceClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';

/** Prepared in advance: what an installation does only once is excluded from every measurement. */
const tables = [
  ...['ApiKeys', 'Arrivals', 'Checkpoints', 'Gaps', 'Landings', 'Ledger', 'Operations', 'Postures'],
  'Tenants',
];
const queues = ['poll-requests', 'raw-blobs'];
const container = 'raw';

export interface Emulator {
  /** Empties tables and queues, and creates those of every installation. Raw blobs stay. */
  readonly clear: () => Promise<void>;
  /** Drops the tables whose name begins so. */
  readonly dropTables: (prefix: string) => Promise<void>;
}

export function createEmulator(connectionString: string): Emulator {
  const tableService = TableServiceClient.fromConnectionString(connectionString, {
    allowInsecureConnection: true,
  });
  const queueService = QueueServiceClient.fromConnectionString(connectionString);
  const raw = BlobServiceClient.fromConnectionString(connectionString).getContainerClient(container);
  const dropTables = async (prefix: string) => {
    const names: string[] = [];
    for await (const { name = '' } of tableService.listTables())
      if (name.startsWith(prefix)) names.push(name);
    for (const name of names) await tableService.deleteTable(name);
  };
  return {
    dropTables,
    async clear() {
      await dropTables('');
      for (const name of tables) await tableService.createTable(name);
      await raw.createIfNotExists();
      for (const name of queues) {
        const queue = queueService.getQueueClient(name);
        await queue.createIfNotExists();
        await queue.clearMessages();
      }
    },
  };
}

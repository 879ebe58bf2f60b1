/** Table `Removals`: a row each, which stays as evidence that a tenant's data was deleted. */
import * as z from 'zod';
import { removalStatuses, type RemovalStore } from '../../tenants/removal.ts';
import { dateColumn, jsonColumn } from './columns.ts';
import type { Tables } from './tables.ts';

const table = 'Removals';
const partitionKey = 'removal';

const row = z.object({
  rowKey: z.string(),
  tenantId: z.string(),
  purge: z.boolean(),
  status: z.enum(removalStatuses),
  deleted: jsonColumn(z.object({ blobs: z.number(), tables: z.number(), rows: z.number() })),
  createdDateTime: dateColumn,
  lastActionDateTime: dateColumn,
  attempts: z.number(),
  retainedBlobs: z.number().optional(),
  errorCode: z.string().optional(),
  errorMessage: z.string().optional(),
});

export function createRemovalStore(tables: Tables): RemovalStore {
  return {
    async get(removalId) {
      const entity = await tables.get(table, partitionKey, removalId);
      if (entity === undefined) return undefined;
      const { rowKey, ...removal } = row.parse(entity);
      return { ...removal, removalId: rowKey };
    },
    async save({ removalId, deleted, createdDateTime, lastActionDateTime, ...removal }) {
      const entity = {
        ...{ partitionKey, rowKey: removalId, ...removal },
        deleted: JSON.stringify(deleted),
        createdDateTime: createdDateTime.toISOString(),
        lastActionDateTime: lastActionDateTime.toISOString(),
      };
      await tables.write(table, (client) => client.upsertEntity(entity, 'Replace'));
    },
  };
}

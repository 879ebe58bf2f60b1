/** Table `Landings`: a row per landing, and a marker beside it while it is not indexed. */
import { odata } from '@azure/data-tables';
import { z } from 'zod';
import { landingStamp, type IndexedCounts, type Landing, type LandingStore } from '../../landing/landing.ts';
import { dateColumn } from './columns.ts';
import { isConflict, type StoredEntity, type Tables } from './tables.ts';

const table = 'Landings';
/** Sorts after every landing id, which begins with a digit. */
const markerPrefix = 'unindexed_';

const row = z.object({
  rowKey: z.string(),
  blobName: z.string(),
  landedAt: dateColumn,
  contentBlobs: z.number(),
  records: z.number(),
  bytes: z.number(),
  oldestContent: dateColumn,
});

const counted = z.object({
  contentBlobs: z.number(),
  records: z.number(),
  indexed: z.number().default(0),
  duplicates: z.number().default(0),
  notUnderstood: z.number().default(0),
});

export function createLandingStore(tables: Tables): LandingStore {
  return {
    async open(tenantId, landing) {
      const entity = landingEntity(tenantId, landing);
      const marker = { ...entity, rowKey: markerPrefix + landing.landingId };
      try {
        await tables.transact(table, [
          ['create', { ...entity, state: 'landed' }],
          ['upsert', marker, 'Replace'],
        ]);
      } catch (error) {
        // There already: an earlier attempt wrote it, or the indexer was quicker and needs no marker.
        if (!isConflict(error)) throw error;
      }
    },
    async close(tenantId, landing, counts) {
      const entity = { ...landingEntity(tenantId, landing), ...countColumns(counts), state: 'indexed' };
      await tables.write(table, (client) => client.upsertEntity(entity, 'Merge'));
      await tables.remove(table, tenantId, markerPrefix + landing.landingId);
    },
    async unindexed(tenantId) {
      const filter = odata`PartitionKey eq ${tenantId} and RowKey ge ${markerPrefix}`;
      return (await tables.all(table, { filter })).map(toLanding);
    },
    async totals(tenantId, since) {
      const filter = odata`PartitionKey eq ${tenantId} and RowKey ge ${landingStamp(since)} and RowKey lt ${markerPrefix}`;
      const select = ['contentBlobs', 'records', 'indexed', 'duplicates', 'notUnderstood'];
      const rows = (await tables.all(table, { filter, select })).map((entity) => counted.parse(entity));
      const sum = (pick: (row: z.infer<typeof counted>) => number) =>
        rows.reduce((total, row) => total + pick(row), 0);
      return {
        contentBlobs: sum((landing) => landing.contentBlobs),
        recordsLanded: sum((landing) => landing.records),
        recordsIndexed: sum((landing) => landing.indexed),
        duplicates: sum((landing) => landing.duplicates),
        notUnderstood: sum((landing) => landing.notUnderstood),
      };
    },
  };
}

function landingEntity(tenantId: string, landing: Landing) {
  const { landingId, blobName, landedAt, contentBlobs, records, bytes, oldestContent } = landing;
  return {
    partitionKey: tenantId,
    rowKey: landingId,
    ...{ blobName, contentBlobs, records, bytes },
    ...{ landedAt: landedAt.toISOString(), oldestContent: oldestContent.toISOString() },
  };
}

function countColumns({ indexed, duplicates, notUnderstood, rows }: IndexedCounts) {
  return { indexed, duplicates, notUnderstood, rows };
}

function toLanding(entity: StoredEntity): Landing {
  const { rowKey, ...landing } = row.parse(entity);
  return { ...landing, landingId: rowKey.slice(markerPrefix.length) };
}

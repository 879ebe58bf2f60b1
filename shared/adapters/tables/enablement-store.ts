/** Table `Enablements`: a row each, and a row `running` that only one of them can hold. */
import { odata } from '@azure/data-tables';
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import {
  enablementRequestSchema,
  enablementStatuses,
  isFinished,
  stepSchema,
  type Enablement,
  type EnablementStore,
} from '../../enablement/enablement.ts';
import { binaryColumn, dateColumn } from './columns.ts';
import { isConflict, type StoredEntity, type Tables } from './tables.ts';

const table = 'Enablements';
/** Sorts after every operation's key, which begins with a digit. */
const lockKey = 'running';

export function createEnablementStore(tables: Tables): EnablementStore {
  const store: EnablementStore = {
    async start(enablement) {
      const { tenantId, enablementId } = enablement;
      const lock = { partitionKey: tenantId, rowKey: lockKey, enablementId };
      try {
        await tables.transact(table, [
          ['create', lock],
          ['create', toEntity(enablement)],
        ]);
        return undefined;
      } catch (error) {
        if (!isConflict(error)) throw error;
        const held = await tables.get(table, tenantId, lockKey);
        return z.string().catch(enablementId).parse(held?.['enablementId']);
      }
    },
    async get(tenantId, enablementId) {
      const filter = odata`PartitionKey eq ${tenantId} and enablementId eq ${enablementId} and RowKey lt ${lockKey}`;
      const [entity] = await tables.all(table, { filter });
      return entity === undefined ? undefined : toEnablement(entity);
    },
    async list(tenantId) {
      const filter = odata`PartitionKey eq ${tenantId} and RowKey lt ${lockKey}`;
      return (await tables.all(table, { filter })).map(toEnablement);
    },
    async save(enablement) {
      const entity = toEntity(enablement);
      // Merged, so that a cancel request that came meanwhile stays.
      await tables.write(table, (client) => client.updateEntity(entity, 'Merge'));
      if (isFinished(enablement)) await releaseLock(tables, enablement);
    },
    async requestCancel(tenantId, enablementId) {
      const found = await store.get(tenantId, enablementId);
      if (found === undefined) return;
      const entity = { partitionKey: tenantId, rowKey: keyOf(found), cancelRequested: true };
      await tables.write(table, (client) => client.updateEntity(entity, 'Merge'));
    },
  };
  return store;
}

async function releaseLock(tables: Tables, { tenantId, enablementId }: Enablement): Promise<void> {
  const held = await tables.get(table, tenantId, lockKey);
  if (held?.['enablementId'] === enablementId) await tables.remove(table, tenantId, lockKey);
}

const latest = 9_999_999_999_999;

/** Newest first. */
function keyOf({
  createdDateTime,
  enablementId,
}: Pick<Enablement, 'createdDateTime' | 'enablementId'>): string {
  return `${String(latest - createdDateTime.getTime()).padStart(13, '0')}_${enablementId}`;
}

/** A binary column holds 64 KiB, an entity 1 MiB: what a dry run finds in many thousand mailboxes is spread. */
const columnBytes = 60 * 1024;
const maxColumns = 14;

function toEntity(enablement: Enablement) {
  const { tenantId, enablementId, request, status, steps, createdDateTime, lastActionDateTime } = enablement;
  const packed = gzipSync(JSON.stringify(steps));
  const parts = Math.ceil(packed.length / columnBytes);
  if (parts > maxColumns) throw new Error('The steps of this enablement have become too large to store.');
  const columns = Array.from({ length: parts }, (_, index): [string, Uint8Array] => [
    `steps${index}`,
    packed.subarray(index * columnBytes, (index + 1) * columnBytes),
  ]);
  return {
    partitionKey: tenantId,
    rowKey: keyOf(enablement),
    ...{ enablementId, status, request: JSON.stringify(serializeRequest(request)) },
    createdDateTime: createdDateTime.toISOString(),
    lastActionDateTime: lastActionDateTime.toISOString(),
    ...Object.fromEntries<Uint8Array>(columns),
    stepParts: parts,
  };
}

/** In the form that the schema reads. */
function serializeRequest(request: Enablement['request']): object {
  const { mailboxes, ...rest } = request;
  if ('all' in mailboxes) return { ...rest, mailboxes: 'all' };
  return { ...rest, mailboxes: 'named' in mailboxes ? mailboxes.named : mailboxes };
}

const row = z.object({
  partitionKey: z.string(),
  enablementId: z.string(),
  status: z.enum(enablementStatuses),
  request: z.string(),
  createdDateTime: dateColumn,
  lastActionDateTime: dateColumn,
  cancelRequested: z.boolean().default(false),
  stepParts: z.number(),
});

function toEnablement(entity: StoredEntity): Enablement {
  const { partitionKey, request, stepParts, ...rest } = row.parse(entity);
  const parts = Array.from({ length: stepParts }, (_, index) => binaryColumn.parse(entity[`steps${index}`]));
  const steps: unknown = JSON.parse(gunzipSync(Buffer.concat(parts)).toString('utf8'));
  return {
    ...rest,
    tenantId: partitionKey,
    request: enablementRequestSchema.parse(JSON.parse(request)),
    steps: z.array(stepSchema).parse(steps),
  };
}

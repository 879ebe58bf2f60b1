/** Table `Enablements`: a row each, and a row `running` that only one of them can hold. */
import { odata, type TransactionAction } from '@azure/data-tables';
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
      for (let attempt = 0; attempt < startAttempts; attempt++) {
        if (await create(tables, enablement)) return undefined;
        const running = await runningIn(tables, tenantId);
        // None: the one that was running finished in between.
        if (running !== undefined) return running === enablementId ? undefined : running;
      }
      throw new Error('An enablement could not be started, though none is running.');
    },
    async get(tenantId, enablementId) {
      const filter = odata`PartitionKey eq ${tenantId} and enablementId eq ${enablementId} and RowKey lt ${lockKey}`;
      const [entity] = await tables.all(table, { filter });
      return entity === undefined ? undefined : toEnablement(entity);
    },
    async list(tenantId, top) {
      const filter = odata`PartitionKey eq ${tenantId} and RowKey lt ${lockKey}`;
      const found: Enablement[] = [];
      let token: string | undefined;
      do {
        const page = await tables.page(table, { filter, pageSize: top - found.length, token });
        found.push(...page.entities.map(toEnablement));
        token = page.token;
      } while (token !== undefined && found.length < top);
      return found;
    },
    async save(enablement) {
      const { tenantId, enablementId } = enablement;
      if ((await runningIn(tables, tenantId)) !== enablementId) return;
      const lock = { partitionKey: tenantId, rowKey: lockKey };
      // Merged, so that a cancel request that came meanwhile stays.
      await tables.transact(table, [
        ['update', toEntity(enablement), 'Merge'],
        ...(isFinished(enablement) ? [['delete', lock] satisfies TransactionAction] : []),
      ]);
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

const startAttempts = 3;

/** False when another one is running. */
async function create(tables: Tables, enablement: Enablement): Promise<boolean> {
  const { tenantId, enablementId } = enablement;
  const lock = { partitionKey: tenantId, rowKey: lockKey, enablementId };
  try {
    await tables.transact(table, [
      ['create', lock],
      ['create', toEntity(enablement)],
    ]);
    return true;
  } catch (error) {
    if (!isConflict(error)) throw error;
    return false;
  }
}

const lockRow = z.object({ enablementId: z.string() });

async function runningIn(tables: Tables, tenantId: string): Promise<string | undefined> {
  const held = await tables.get(table, tenantId, lockKey);
  return held === undefined ? undefined : lockRow.parse(held).enablementId;
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
  // Together, for a request can name many mailboxes.
  const packed = gzipSync(JSON.stringify({ request: serializeRequest(request), steps }));
  const parts = Math.ceil(packed.length / columnBytes);
  if (parts > maxColumns) throw new Error('The steps of this enablement have become too large to store.');
  const columns = Array.from({ length: parts }, (_, index): [string, Uint8Array] => [
    `packed${index}`,
    packed.subarray(index * columnBytes, (index + 1) * columnBytes),
  ]);
  return {
    partitionKey: tenantId,
    rowKey: keyOf(enablement),
    ...{ enablementId, status },
    createdDateTime: createdDateTime.toISOString(),
    lastActionDateTime: lastActionDateTime.toISOString(),
    ...Object.fromEntries<Uint8Array>(columns),
    parts,
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
  createdDateTime: dateColumn,
  lastActionDateTime: dateColumn,
  cancelRequested: z.boolean().default(false),
  parts: z.number(),
});

const packedSchema = z.object({ request: enablementRequestSchema, steps: z.array(stepSchema) });

function toEnablement(entity: StoredEntity): Enablement {
  const { partitionKey, parts, ...rest } = row.parse(entity);
  const columns = Array.from({ length: parts }, (_, index) => binaryColumn.parse(entity[`packed${index}`]));
  const packed: unknown = JSON.parse(gunzipSync(Buffer.concat(columns)).toString('utf8'));
  return { ...rest, tenantId: partitionKey, ...packedSchema.parse(packed) };
}

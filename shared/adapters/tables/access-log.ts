/** Tables `AccessLog` (a partition a day) and `Webhooks` (ids seen). */
import { odata } from '@azure/data-tables';
import { createHash } from 'node:crypto';
import * as z from 'zod';
import {
  isInsider,
  outcomes,
  type AccessLog,
  type AccessLogEntry,
  type AccessLogPage,
  type AccessLogQuery,
  type WebhookLog,
} from '../../access/access-log.ts';
import { dateColumn, jsonColumn } from './columns.ts';
import { ifUnchanged, type StoredEntity, type Tables } from './tables.ts';

const logTable = 'AccessLog';
const latest = 9_999_999_999_999;
const dayMs = 24 * 60 * 60_000;
/** After this many reads a page ends with its day, whatever it has found; the next page continues. */
const maxReads = 60;

const logRow = z.object({
  at: dateColumn,
  requestId: z.string(),
  caller: z.string().optional(),
  action: z.string(),
  tenantId: z.string().optional(),
  outcome: z.enum(outcomes),
  code: z.string().optional(),
  parameters: jsonColumn(z.array(z.string())),
});

/**
 * Appending is one write. Listing reads the days from the newest on, filtered by storage: for a caller or tenant with few
 * entries among many, storage scans all entries of those days.
 */
export function createAccessLog(tables: Tables): AccessLog {
  return {
    async append(entry) {
      await tables.write(logTable, (client) => client.upsertEntity(toEntity(entry), 'Replace'));
    },
    list: (query) => listEntries(tables, query),
  };
}

function toEntity({ at, caller, tenantId, code, parameters, ...rest }: AccessLogEntry) {
  return {
    partitionKey: dayOf(at),
    rowKey: `${inverted(at.getTime())}_${rest.requestId}${tenantId === undefined ? '' : `_${tenantId}`}`,
    ...rest,
    at: at.toISOString(),
    parameters: JSON.stringify(parameters),
    // A column of its own: storage cannot filter by the absence of a column.
    insider: isInsider({ caller, code }),
    // The library omits undefined columns.
    caller,
    tenantId,
    code,
  };
}

async function listEntries(tables: Tables, query: AccessLogQuery): Promise<AccessLogPage> {
  const rows: StoredEntity[] = [];
  const beginning =
    query.after === undefined ? query.to.getTime() - 1 : latest - Number(query.after.slice(0, 13));
  let day = Math.floor(beginning / dayMs) * dayMs;
  let token: string | undefined;
  let reads = 0;
  const hasMore = (): boolean =>
    token !== undefined || (day + dayMs > query.from.getTime() && reads < maxReads);
  for (; rows.length < query.top && hasMore(); reads++) {
    const filter = filterOf(query, dayOf(new Date(day)));
    const page = await tables.page(logTable, { filter, token, pageSize: query.top - rows.length });
    rows.push(...page.entities);
    token = page.token;
    if (token === undefined) day -= dayMs;
  }
  const isLast = token === undefined && day + dayMs <= query.from.getTime();
  if (isLast) return { entries: rows.map((row) => logRow.parse(row)) };
  const isFull = rows.length >= query.top;
  return {
    entries: rows.map((row) => logRow.parse(row)),
    next: (isFull ? rows.at(-1)?.rowKey : undefined) ?? beginningOf(day),
  };
}

/** Sorts before every entry of a day. */
function beginningOf(day: number): string {
  return `${inverted(day + dayMs - 1)}_00000000-0000-0000-0000-000000000000`;
}

function filterOf({ from, to, tenantId, caller, after, onlyInsiders }: AccessLogQuery, day: string): string {
  const [least, most] = [String(inverted(to.getTime() - 1)), String(inverted(from.getTime() - 1))];
  const conditions = [
    odata`PartitionKey eq ${day} and RowKey ge ${least} and RowKey lt ${most}`,
    ...(after === undefined ? [] : [odata`RowKey gt ${after}`]),
    ...(tenantId === undefined ? [] : [odata`tenantId eq ${tenantId}`]),
    ...(caller === undefined ? [] : [odata`caller eq ${caller}`]),
    ...(onlyInsiders ? ['insider eq true'] : []),
  ];
  return conditions.join(' and ');
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}

function inverted(time: number): number {
  return latest - time;
}

const webhookTable = 'Webhooks';
const webhookPartition = 'id';
/** Longer than the five minutes in which a signature is valid. */
const rememberedMs = 24 * 60 * 60_000;

const webhookRow = z.object({ started: z.string(), at: dateColumn });

export function createWebhookLog(tables: Tables): WebhookLog {
  return {
    async remember(id, started, now) {
      const entity = { partitionKey: webhookPartition, rowKey: keyOf(id), started, at: now.toISOString() };
      const created = await ifUnchanged(() =>
        tables.write(webhookTable, (client) => client.createEntity(entity)),
      );
      if (created !== undefined) return undefined;
      const seen = webhookRow.safeParse(await tables.get(webhookTable, webhookPartition, keyOf(id))).data;
      if (seen !== undefined && now.getTime() - seen.at.getTime() <= rememberedMs) return seen.started;
      await tables.write(webhookTable, (client) => client.upsertEntity(entity, 'Replace'));
      return undefined;
    },
    forget: (id) => tables.remove(webhookTable, webhookPartition, keyOf(id)),
  };
}

/** Ids are the sender's: hashed, they fit any key. */
function keyOf(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}

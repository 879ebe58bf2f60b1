/** Tables `AccessLog` (a partition a day: entries, then marks of files) and `Webhooks` (ids seen). */
import { odata } from '@azure/data-tables';
import * as z from 'zod';
import {
  accessLogEntrySchema,
  isInsider,
  type AccessLog,
  type AccessLogEntry,
  type AccessLogPage,
  type AccessLogQuery,
  type FileReading,
  type WebhookLog,
} from '../../access/access-log.ts';
import { dateOfInverted, invertedTime } from '../../index/keys.ts';
import { sha256Of } from '../../sha256.ts';
import { dayOf } from '../../utc-day.ts';
import { dateColumn, jsonColumn, toEntity } from './columns.ts';
import { openRows } from './rows.ts';
import { isWritten, type StoredEntity, type Tables } from './tables.ts';

const logTable = 'AccessLog';
const dayMs = 24 * 60 * 60_000;
/** After this many reads a page ends with its day, whatever it has found; the next page continues. */
const maxReads = 60;

const logRow = accessLogEntrySchema.extend({ parameters: jsonColumn(accessLogEntrySchema.shape.parameters) });

/**
 * Appending is one write. Listing reads the days from the newest on, filtered by storage: for a caller or tenant with few
 * entries among many, storage scans all entries of those days.
 */
export function createAccessLog(tables: Tables): AccessLog {
  return {
    async append(entry) {
      await tables.write(logTable, (client) => client.upsertEntity(entityOf(entry), 'Replace'));
    },
    list: (query) => listEntries(tables, query),
    async isFileMarked(reading) {
      const { partitionKey, rowKey } = markKey(reading);
      return (await tables.get(logTable, partitionKey, rowKey)) !== undefined;
    },
    async markFile(reading) {
      await tables.write(logTable, (client) => client.upsertEntity(markKey(reading), 'Replace'));
    },
  };
}

/** Sorts after all entries of the day, which begin with a digit, and is deleted with them. */
function markKey({ caller, action, fileId, day }: FileReading) {
  return { partitionKey: dayOf(day), rowKey: `file_${sha256Of(JSON.stringify([caller, action, fileId]))}` };
}

function entityOf(entry: AccessLogEntry) {
  const { at, requestId, tenantId } = entry;
  const suffix = tenantId === undefined ? '' : `_${tenantId}`;
  const key = { partitionKey: dayOf(at), rowKey: `${invertedTime(at)}_${requestId}${suffix}` };
  // A column of its own: storage cannot filter by the absence of a column.
  return toEntity(key, { ...entry, insider: isInsider(entry) });
}

async function listEntries(tables: Tables, query: AccessLogQuery): Promise<AccessLogPage> {
  const rows: StoredEntity[] = [];
  const beginning =
    query.after === undefined ? query.to.getTime() - 1 : dateOfInverted(query.after.slice(0, 13)).getTime();
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
  const entries = rows.map((row) => logRow.parse(row));
  if (token === undefined && day + dayMs <= query.from.getTime()) return { entries };
  const isFull = rows.length >= query.top;
  return { entries, next: (isFull ? rows.at(-1)?.rowKey : undefined) ?? beginningOf(day) };
}

/** Sorts before every entry of a day. */
function beginningOf(day: number): string {
  return `${invertedTime(new Date(day + dayMs - 1))}_00000000-0000-0000-0000-000000000000`;
}

function filterOf({ from, to, tenantId, caller, after, onlyInsiders }: AccessLogQuery, day: string): string {
  const [least, most] = [to, from].map((time) => invertedTime(new Date(time.getTime() - 1)));
  const conditions = [
    odata`PartitionKey eq ${day} and RowKey ge ${least} and RowKey lt ${most}`,
    ...(after === undefined ? [] : [odata`RowKey gt ${after}`]),
    ...(tenantId === undefined ? [] : [odata`tenantId eq ${tenantId}`]),
    ...(caller === undefined ? [] : [odata`caller eq ${caller}`]),
    ...(onlyInsiders ? ['insider eq true'] : []),
  ];
  return conditions.join(' and ');
}

/** Longer than the five minutes in which a signature is valid. */
const rememberedMs = 24 * 60 * 60_000;

export function createWebhookLog(tables: Tables): WebhookLog {
  const rows = openRows(tables, {
    table: 'Webhooks',
    columns: z.object({ started: z.string(), at: dateColumn }),
    toRow: (webhook) => webhook,
  });
  return {
    async remember(id, started, now) {
      const webhook = { started, at: now };
      if (await isWritten(() => rows.create(webhookKey(id), webhook))) return undefined;
      const seen = await rows.get(webhookKey(id));
      if (seen !== undefined && now.getTime() - seen.at.getTime() <= rememberedMs) return seen.started;
      await rows.put(webhookKey(id), webhook);
      return undefined;
    },
    forget: (id) => rows.remove(webhookKey(id)),
  };
}

/** Ids are the sender's: hashed, they fit any key. */
function webhookKey(id: string) {
  return { partitionKey: 'id', rowKey: sha256Of(id) };
}

/** Tables `Ledger`, `Checkpoints` and `Gaps`. */
import { odata } from '@azure/data-tables';
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { contentBlobSchema, type ContentBlob } from '../../activity/activity-feed.ts';
import { contentTypeSchema, type ContentType } from '../../activity/content-types.ts';
import {
  gapSchema,
  openContentSchema,
  receiptSchema,
  settledStates,
  type Gap,
  type Ledger,
  type OpenContent,
  type Receipt,
  type SettledContent,
  type SettledState,
} from '../../landing/ledger.ts';
import { dateColumn, toEntity } from './columns.ts';
import { openRows } from './rows.ts';
import type { FixedTable } from './table-names.ts';
import type { StoredEntity, Tables } from './tables.ts';

const ledgerTable = 'Ledger';
const gapTable = 'Gaps';

const openColumns = openContentSchema
  .omit({ content: true, receipt: true })
  .extend(contentBlobSchema.shape)
  .extend(receiptSchema.partial().shape);

const gapColumns = gapSchema
  .omit({ window: true, receipt: true })
  .extend(gapSchema.shape.window.shape)
  .extend(receiptSchema.partial().shape);

export function createLedger(tables: Tables): Ledger {
  const openContents = openRows(tables, { table: ledgerTable, columns: openColumns, toRow: toOpen });
  const gaps = openRows(tables, {
    table: gapTable,
    columns: gapColumns,
    toRow: toGap,
  });
  const checkpoints = openRows(tables, {
    table: 'Checkpoints',
    columns: z.object({
      listedThrough: dateColumn,
      collectedFrom: dateColumn.optional(),
      stoppedCode: z.string().optional(),
    }),
    toRow: (columns, { rowKey }) => ({ contentType: contentTypeSchema.parse(rowKey), ...columns }),
  });
  return {
    known: (tenantId, contents) => readKnown(tables, tenantId, contents),
    settle: (tenantId, contents) => settle(tables, tenantId, contents),
    open: (tenantId) => openContents.partition(openPartition(tenantId)),
    async defer(tenantId, contents) {
      const entities = contents.map(({ content, receipt, ...open }) => {
        const key = { partitionKey: openPartition(tenantId), rowKey: rowKeyOf(content) };
        return toEntity(key, { ...content, ...open, ...receipt });
      });
      await tables.upsertAll(ledgerTable, entities);
    },
    async close(tenantId, contents) {
      for (const content of contents)
        await openContents.remove({ partitionKey: openPartition(tenantId), rowKey: rowKeyOf(content) });
    },
    gaps: (tenantId) => gaps.partition(tenantId),
    async recordGaps(tenantId, found) {
      const entities = found.map(({ window, receipt, ...gap }) => {
        const rowKey = gapKey(window.start, gap.contentType, gap.contentId);
        return toEntity({ partitionKey: tenantId, rowKey }, { ...gap, ...window, ...receipt });
      });
      await tables.upsertAll(gapTable, entities);
    },
    async closeGaps(tenantId, contents) {
      const keys = contents.map((one) => gapKey(one.contentCreated, one.contentType, one.contentId));
      // Hardly any of them has a gap: one query costs less than a request for each.
      const select = ['PartitionKey', 'RowKey'];
      for (const { partitionKey, rowKey } of await rowsWithin(tables, gapTable, tenantId, { keys, select }))
        await gaps.remove({ partitionKey, rowKey });
    },
    checkpoints: (tenantId) => checkpoints.partition(tenantId),
    async advance(tenantId, { contentType, ...columns }) {
      await checkpoints.put({ partitionKey: tenantId, rowKey: contentType }, columns);
    },
  };
}

/** One partition a day keeps partitions small, and lets a listing query only its own range of time. */
function dayPartition(tenantId: string, { contentType, contentCreated }: ContentBlob): string {
  return `${tenantId}_${contentType}_${contentCreated.toISOString().slice(0, 10).replaceAll('-', '')}`;
}

function openPartition(tenantId: string): string {
  return `${tenantId}_open`;
}

function rowKeyOf({ contentCreated, contentId }: ContentBlob): string {
  return timeKey(contentCreated, contentId);
}

function gapKey(start: Date, contentType: ContentType, contentId = ''): string {
  return timeKey(start, `${contentType}\n${contentId}`);
}

/** Time, then identity: rows of one listing are adjacent. */
function timeKey(time: Date, identity: string): string {
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, 16);
  return `${time.toISOString().replaceAll(/[-:.TZ]/g, '')}_${hash}`;
}

const stateSchema = z.enum(settledStates);

async function readKnown(
  tables: Tables,
  tenantId: string,
  contents: readonly ContentBlob[],
): Promise<ReadonlyMap<string, SettledState>> {
  const known = new Map<string, SettledState>();
  for (const [partition, group] of groupBy(contents, (content) => dayPartition(tenantId, content))) {
    const byKey = new Map(group.map((content) => [rowKeyOf(content), content.contentId]));
    const [keys, select] = [[...byKey.keys()], ['PartitionKey', 'RowKey', 'state']];
    for (const { rowKey, state } of await rowsWithin(tables, ledgerTable, partition, { keys, select })) {
      const contentId = byKey.get(rowKey);
      if (contentId !== undefined) known.set(contentId, stateSchema.parse(state));
    }
  }
  return known;
}

async function settle(tables: Tables, tenantId: string, contents: readonly SettledContent[]): Promise<void> {
  for (const [partitionKey, group] of groupBy(contents, ({ content }) => dayPartition(tenantId, content))) {
    const entities = group.map(({ content, receipt, state, attempts, landingId, code }) => {
      const settled = { state, attempts, landingId, code };
      return toEntity({ partitionKey, rowKey: rowKeyOf(content) }, { ...content, ...settled, ...receipt });
    });
    await tables.upsertAll(ledgerTable, entities);
  }
}

function toOpen({
  state,
  attempts,
  nextAttemptAt,
  code,
  goneSince,
  reopened,
  ...rest
}: z.output<typeof openColumns>): OpenContent {
  const { receipt, rest: content } = splitReceipt(rest);
  return { content, state, attempts, nextAttemptAt, code, receipt, goneSince, reopened };
}

type ReceiptColumns = { readonly [K in keyof Receipt]?: Receipt[K] | undefined };

/** The receipt among other columns; undefined if the row has none. */
function splitReceipt<T extends ReceiptColumns>(row: T) {
  const { records, bytes, sha256, faults, faultAt, receivedAt, ...rest } = row;
  const isWhole = records !== undefined && bytes !== undefined && sha256 !== undefined;
  const receipt = isWhole ? { records, bytes, sha256, faults, faultAt, receivedAt } : undefined;
  return { receipt, rest };
}

function toGap({ start, end, ...rest }: z.output<typeof gapColumns>): Gap {
  const { receipt, rest: gap } = splitReceipt(rest);
  return { ...gap, window: { start, end }, ...(receipt === undefined ? {} : { receipt }) };
}

/** Those of the rows that exist: keys begin with a time, so one query finds the rows of one listing. */
async function rowsWithin(
  tables: Tables,
  table: FixedTable,
  partition: string,
  { keys, select }: { readonly keys: readonly string[]; readonly select: string[] },
): Promise<readonly StoredEntity[]> {
  const [first = '', ...others] = keys.toSorted();
  const filter = odata`PartitionKey eq ${partition} and RowKey ge ${first} and RowKey le ${others.at(-1) ?? first}`;
  const wanted = new Set(keys);
  return (await tables.all(table, { filter, select })).filter(({ rowKey }) => wanted.has(rowKey));
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item)) ?? [];
    groups.set(keyOf(item), group);
    group.push(item);
  }
  return groups;
}

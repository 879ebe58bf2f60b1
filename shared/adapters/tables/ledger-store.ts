/** Tables `Ledger`, `Checkpoints` and `Gaps`. */
import { odata } from '@azure/data-tables';
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { ContentBlob } from '../../activity/activity-feed.ts';
import { contentTypeSchema } from '../../activity/content-types.ts';
import type { Gap, Ledger, OpenContent, SettledContent } from '../../landing/ledger.ts';
import { dateColumn } from './columns.ts';
import type { StoredEntity, Tables } from './tables.ts';

const ledgerTable = 'Ledger';
const checkpointTable = 'Checkpoints';
const gapTable = 'Gaps';

export function createLedger(tables: Tables): Ledger {
  return {
    known: (tenantId, contents) => readKnown(tables, tenantId, contents),
    settle: (tenantId, contents) => settle(tables, tenantId, contents),
    async open(tenantId) {
      const entities = await tables.all(ledgerTable, {
        filter: odata`PartitionKey eq ${openPartition(tenantId)}`,
      });
      return entities.map(toOpen);
    },
    async defer(tenantId, contents) {
      await tables.upsertAll(
        ledgerTable,
        contents.map((open) => openEntity(tenantId, open)),
      );
    },
    async close(tenantId, contents) {
      for (const content of contents)
        await tables.remove(ledgerTable, openPartition(tenantId), rowKeyOf(content));
    },
    async gaps(tenantId) {
      const entities = await tables.all(gapTable, { filter: odata`PartitionKey eq ${tenantId}` });
      return entities.map(toGap);
    },
    async recordGaps(tenantId, gaps) {
      await tables.upsertAll(
        gapTable,
        gaps.map((gap) => gapEntity(tenantId, gap)),
      );
    },
    async checkpoints(tenantId) {
      const entities = await tables.all(checkpointTable, { filter: odata`PartitionKey eq ${tenantId}` });
      return entities.map((entity) => {
        const { rowKey, listedThrough } = checkpointRow.parse(entity);
        return { contentType: rowKey, listedThrough };
      });
    },
    async advance(tenantId, { contentType, listedThrough }) {
      const entity = {
        partitionKey: tenantId,
        rowKey: contentType,
        listedThrough: listedThrough.toISOString(),
      };
      await tables.write(checkpointTable, (client) => client.upsertEntity(entity, 'Merge'));
    },
  };
}

const checkpointRow = z.object({ rowKey: contentTypeSchema, listedThrough: dateColumn });

const contentColumns = z.object({
  contentType: contentTypeSchema,
  contentId: z.string(),
  contentUri: z.string(),
  contentCreated: dateColumn,
  contentExpiration: dateColumn,
});

const openRow = contentColumns.extend({
  state: z.enum(['pending', 'rejected']),
  attempts: z.number(),
  nextAttemptAt: dateColumn,
  code: z.string(),
  records: z.number().optional(),
  bytes: z.number().optional(),
  sha256: z.string().optional(),
});

const gapRow = z.object({
  contentType: contentTypeSchema,
  start: dateColumn,
  end: dateColumn,
  contentId: z.string().optional(),
  reason: z.enum(['feedExpired', 'contentGone', 'contentExpired', 'contentRejected']),
  code: z.string(),
  recordedAt: dateColumn,
});

/** One partition a day keeps partitions small, and lets a listing query only its own range of time. */
function dayPartition(tenantId: string, { contentType, contentCreated }: ContentBlob): string {
  return `${tenantId}_${contentType}_${contentCreated.toISOString().slice(0, 10).replaceAll('-', '')}`;
}

function openPartition(tenantId: string): string {
  return `${tenantId}_open`;
}

/** Time, then identity: rows of one listing are adjacent. */
function rowKeyOf({ contentCreated, contentId }: ContentBlob): string {
  const hash = createHash('sha256').update(contentId).digest('hex').slice(0, 16);
  return `${contentCreated.toISOString().replaceAll(/[-:.TZ]/g, '')}_${hash}`;
}

async function readKnown(
  tables: Tables,
  tenantId: string,
  contents: readonly ContentBlob[],
): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  for (const [partition, group] of groupBy(contents, (content) => dayPartition(tenantId, content))) {
    const byKey = new Map(group.map((content) => [rowKeyOf(content), content.contentId]));
    const keys = [...byKey.keys()].sort();
    const range = odata`PartitionKey eq ${partition} and RowKey ge ${keys[0] ?? ''} and RowKey le ${keys.at(-1) ?? ''}`;
    for (const { rowKey } of await tables.all(ledgerTable, {
      filter: range,
      select: ['PartitionKey', 'RowKey'],
    })) {
      const contentId = byKey.get(rowKey);
      if (contentId !== undefined) known.add(contentId);
    }
  }
  return known;
}

async function settle(tables: Tables, tenantId: string, contents: readonly SettledContent[]): Promise<void> {
  for (const [, group] of groupBy(contents, ({ content }) => dayPartition(tenantId, content))) {
    await tables.upsertAll(
      ledgerTable,
      group.map((settled) => settledEntity(tenantId, settled)),
    );
  }
}

function settledEntity(tenantId: string, settled: SettledContent) {
  const { content, state, attempts, landingId, receipt, code } = settled;
  return {
    partitionKey: dayPartition(tenantId, content),
    rowKey: rowKeyOf(content),
    ...contentEntity(content),
    state,
    attempts,
    // The library omits undefined columns.
    landingId,
    code,
    ...receipt,
  };
}

function openEntity(tenantId: string, open: OpenContent) {
  return {
    partitionKey: openPartition(tenantId),
    rowKey: rowKeyOf(open.content),
    ...contentEntity(open.content),
    state: open.state,
    attempts: open.attempts,
    code: open.code,
    nextAttemptAt: open.nextAttemptAt.toISOString(),
    ...open.receipt,
  };
}

function contentEntity(content: ContentBlob) {
  return {
    ...content,
    contentCreated: content.contentCreated.toISOString(),
    contentExpiration: content.contentExpiration.toISOString(),
  };
}

function toOpen(entity: StoredEntity): OpenContent {
  const { state, attempts, nextAttemptAt, code, records, bytes, sha256, ...content } = openRow.parse(entity);
  const received = records !== undefined && bytes !== undefined && sha256 !== undefined;
  return {
    content,
    state,
    attempts,
    nextAttemptAt,
    code,
    receipt: received ? { records, bytes, sha256 } : undefined,
  };
}

function gapEntity(tenantId: string, gap: Gap) {
  const start = gap.window.start.toISOString();
  const hash = createHash('sha256')
    .update(`${gap.contentType}\n${gap.contentId ?? ''}`)
    .digest('hex')
    .slice(0, 16);
  return {
    partitionKey: tenantId,
    rowKey: `${start.replaceAll(/[-:.TZ]/g, '')}_${hash}`,
    contentType: gap.contentType,
    contentId: gap.contentId,
    reason: gap.reason,
    code: gap.code,
    start,
    end: gap.window.end.toISOString(),
    recordedAt: gap.recordedAt.toISOString(),
  };
}

function toGap(entity: StoredEntity): Gap {
  const { start, end, ...gap } = gapRow.parse(entity);
  return { ...gap, window: { start, end } };
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

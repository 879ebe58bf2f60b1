/** Tables `Ledger`, `Checkpoints` and `Gaps`. */
import type * as z from 'zod';
import { contentBlobSchema } from '../../activity/activity-feed.ts';
import {
  gapSchema,
  openContentSchema,
  type Gap,
  type Ledger,
  type OpenContent,
} from '../../landing/ledger.ts';
import { checkpointColumns, stopColumns, toCheckpoint } from './checkpoint-columns.ts';
import { toEntity } from './columns.ts';
import { gapKey, openPartition, rowKeyOf } from './ledger-keys.ts';
import { receiptColumns, splitReceipt } from './receipt-columns.ts';
import { openRows } from './rows.ts';
import { rowsWithin } from './rows-within.ts';
import { settle } from './settle-content.ts';
import { readKnown, readSettled } from './settled-content.ts';
import { isWritten, type Tables } from './tables.ts';

const ledgerTable = 'Ledger';
const gapTable = 'Gaps';

const openColumns = openContentSchema
  .omit({ content: true, receipt: true })
  .extend(contentBlobSchema.shape)
  .extend(receiptColumns);

const gapColumns = gapSchema
  .omit({ window: true, receipt: true })
  .extend(gapSchema.shape.window.shape)
  .extend(receiptColumns);

export function createLedger(tables: Tables): Ledger {
  const openContents = openRows(tables, { table: ledgerTable, columns: openColumns, toRow: toOpen });
  const gaps = openRows(tables, {
    table: gapTable,
    columns: gapColumns,
    toRow: toGap,
  });
  const checkpoints = openCheckpoints(tables);
  const closeGaps: Ledger['closeGaps'] = async (tenantId, contents) => {
    const keys = contents.map((one) => gapKey(one.contentCreated, one.contentType, one.contentId));
    // Hardly any of them has a gap: one query costs less than a request for each.
    const select = ['PartitionKey', 'RowKey'];
    for (const { partitionKey, rowKey } of await rowsWithin(tables, gapTable, tenantId, { keys, select }))
      await gaps.remove({ partitionKey, rowKey });
  };
  return {
    known: (tenantId, contents) => readKnown(tables, tenantId, contents),
    settle: (tenantId, contents) => settle({ tables, closeGaps }, tenantId, contents),
    settled: (tenantId, range) => readSettled(tables, tenantId, range),
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
    closeGaps,
    checkpoints: (tenantId) => checkpoints.partition(tenantId),
    async advance(tenantId, { contentType, stop, ...columns }) {
      const stopped = stop === undefined ? {} : stopColumns(stop);
      await checkpoints.putMembers(
        { partitionKey: tenantId, rowKey: contentType },
        { ...columns, ...stopped },
      );
    },
    async markStopped(tenantId, contentType, stop) {
      const key = { partitionKey: tenantId, rowKey: contentType };
      await isWritten(() => checkpoints.merge(key, stopColumns(stop)));
    },
    markRetained: (tenantId, from) => markRetained(checkpoints, tenantId, from),
  };
}

function openCheckpoints(tables: Tables) {
  return openRows(tables, { table: 'Checkpoints', columns: checkpointColumns, toRow: toCheckpoint });
}

async function markRetained(
  checkpoints: ReturnType<typeof openCheckpoints>,
  tenantId: string,
  retainedFrom: Date,
): Promise<void> {
  for (const { contentType } of await checkpoints.partition(tenantId)) {
    const key = { partitionKey: tenantId, rowKey: contentType };
    await isWritten(() => checkpoints.merge(key, { retainedFrom }));
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

function toGap({ start, end, ...rest }: z.output<typeof gapColumns>): Gap {
  const { receipt, rest: gap } = splitReceipt(rest);
  return { ...gap, window: { start, end }, ...(receipt === undefined ? {} : { receipt }) };
}

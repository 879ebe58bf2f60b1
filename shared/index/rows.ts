/** Turns a record into its index rows. */
import type { CreatedSource, Delivery } from '../records/audit-record.ts';
import type { PlacedRecord } from './claim-records.ts';
import { dimensionKeys, positionKey, type Dimension } from './keys.ts';
import { matchValues } from './match-columns.ts';
import { packSummary, packText } from './packing.ts';
import type { IndexRow } from './record-index.ts';

/** A binary property of Table Storage holds 64 KiB; some of it is left for the service's own. */
const maxTextBytes = 60 * 1024;

export interface RowContext {
  readonly tenantId: string;
  readonly blobName: string;
}

export interface DimensionRow {
  readonly dimension: Dimension;
  readonly row: IndexRow;
}

/** All rows of a record; depends on nothing but the arguments, so writing them twice changes nothing. */
export function recordRows(
  placed: PlacedRecord & { readonly createdSource: CreatedSource; readonly delivery: Delivery },
  context: RowContext,
): readonly DimensionRow[] {
  const { record, delivery, createdSource } = placed;
  const { contentType, landedAt } = delivery;
  const packed = { summary: record.summary, createdSource, contentType, ingestedDateTime: landedAt };
  const shared = { match: matchValues(record.summary), summary: packSummary(packed, context.tenantId) };
  const position = positionKey(placed.time, placed.id);
  return dimensionKeys(record.summary, position).map(({ dimension, rowKey }) => ({
    dimension,
    row: dimension === 'time' ? { rowKey, ...shared, ...textOf(placed, context) } : { rowKey, ...shared },
  }));
}

function textOf(placed: PlacedRecord, { blobName }: RowContext): Pick<IndexRow, 'text' | 'textAt'> {
  const textAt = { blobName, line: placed.line };
  if (placed.truncated === true) return { textAt };
  const text = packText(placed.record.bytes);
  return text.length <= maxTextBytes ? { text } : { textAt };
}

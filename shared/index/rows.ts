/** Turns a record into its index rows. */
import type { Delivery } from '../records/audit-record.ts';
import type { CreatedSource } from '../records/members.ts';
import type { PlacedRecord } from './claim-records.ts';
import { dimensionKeys, hashesOf, positionKey, type Dimension } from './keys.ts';
import { matchValues } from './match-columns.ts';
import { packSummary, packText } from './packing.ts';
import type { IndexRow } from './record-index.ts';

/** A binary property of Table Storage holds 64 KiB; some of it is left to the service. */
const maxTextBytes = 60 * 1024;

export interface RowContext {
  readonly tenantId: string;
  readonly blobName: string;
}

export interface DimensionRow {
  readonly dimension: Dimension;
  readonly row: IndexRow;
}

/** All rows of a record; they depend on the arguments alone, so writing them twice changes nothing. */
export function recordRows(
  placed: PlacedRecord & { readonly createdSource: CreatedSource; readonly delivery: Delivery },
  context: RowContext,
): readonly DimensionRow[] {
  const { record, delivery, createdSource } = placed;
  const { contentType, landedAt } = delivery;
  const packed = { summary: record.summary, createdSource, contentType, ingestedDateTime: landedAt };
  const hashes = hashesOf(record.summary);
  const shared = {
    match: matchValues(record.summary, hashes),
    summary: packSummary(packed, context.tenantId),
  };
  return dimensionKeys(hashes, positionKey(placed.time, placed.id)).map(({ dimension, rowKey }) => ({
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

/** Turns a record into its index rows. */
import type { IndexRequest } from '../landing/work-queues.ts';
import { indexedRecord, type DeliveredRecord } from './delivered-records.ts';
import { dimensionKeys, hashesOf, positionKey } from './keys.ts';
import { matchValues } from './match-columns.ts';
import { packSummary, packText } from './packing.ts';
import type { IndexRow, StoredText } from './record-index.ts';

/** A binary property of Table Storage holds 64 KiB; some of it is left to the service. */
const maxTextBytes = 60 * 1024;

type RowContext = Pick<IndexRequest, 'tenantId' | 'blobName'>;

/** All rows of a record; they depend on the arguments alone, so writing them twice changes nothing. */
export function recordRows(delivered: DeliveredRecord, context: RowContext) {
  const { summary } = delivered.record;
  const hashes = hashesOf(summary);
  const match = matchValues(summary, hashes);
  const packed = packSummary(indexedRecord(delivered), context.tenantId);
  return dimensionKeys(hashes, positionKey(delivered.time, delivered.id)).map(({ dimension, rowKey }) => {
    const row: IndexRow = { rowKey, match, summary: packed };
    return { dimension, row: dimension === 'time' ? { ...row, ...textOf(delivered, context) } : row };
  });
}

function textOf({ record, line }: DeliveredRecord, { blobName }: RowContext): StoredText {
  const textAt = { blobName, line };
  if (record.truncated) return { textAt };
  const text = packText(record.bytes);
  return text.length <= maxTextBytes ? { text } : { textAt };
}

/** Makes batches of records, each within the limits of its destination, that are the same whenever they are made. */
import { createHash } from 'node:crypto';
import { isBefore, type FeedPosition } from '../feed/landing-sequence.ts';
import type { Cursor } from './cursor.ts';
import type { BatchLimits, ConfiguredKind } from './kind.ts';
import type { EncodedRecord, OutgoingBatch, OutgoingRecord } from './outgoing.ts';
import { after, type Stretch } from './read-ahead.ts';

/** A batch, and where it ends. */
export interface PlannedBatch extends OutgoingBatch {
  /** Everything before it is in the batch, or not wanted. */
  readonly to: FeedPosition;
}

/** The first records of a stretch, as many as fit; undefined if there are none. */
export function nextBatch(
  kind: Pick<ConfiguredKind, 'limits' | 'encode'>,
  cursor: Pick<Cursor, 'tenantId' | 'destinationId' | 'position' | 'pendingTo' | 'atMost'>,
  { records, end }: Pick<Stretch, 'records' | 'end'>,
): PlannedBatch | undefined {
  const { position, pendingTo, atMost } = cursor;
  const fitting = { ...kind.limits, records: Math.min(kind.limits.records, atMost ?? Infinity) };
  const wanted =
    pendingTo === undefined ? records : records.filter(({ place }) => isBefore(place, pendingTo));
  const taken = firstOf(kind, wanted, fitting);
  const last = taken.at(-1);
  if (last === undefined) return undefined;
  const isAll = taken.length === records.length;
  const to = isAll ? end : after(last.record);
  return { id: idOf(cursor, position, taken), records: taken, to };
}

function firstOf(
  { encode }: Pick<ConfiguredKind, 'encode'>,
  records: readonly OutgoingRecord[],
  limits: BatchLimits,
): readonly EncodedRecord[] {
  const taken: EncodedRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    if (taken.length >= limits.records) break;
    const encoded = encode(record);
    bytes += encoded.body.length;
    if (taken.length > 0 && bytes > limits.bytes) break;
    taken.push(encoded);
  }
  return taken;
}

/** By where it begins and what is in it: a batch that is made again is the same. */
function idOf(
  { destinationId, tenantId }: Pick<Cursor, 'destinationId' | 'tenantId'>,
  { sequence, line }: FeedPosition,
  records: readonly EncodedRecord[],
): string {
  const hash = createHash('sha256').update([destinationId, tenantId, sequence, line].join('\n'));
  for (const { record } of records) hash.update(`\n${record.id}`);
  return hash.digest('hex').slice(0, 32);
}

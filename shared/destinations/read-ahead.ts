/** Reads the records that a destination wants from the feed of a tenant. */
import type { FeedPosition } from '../feed/landing-sequence.ts';
import { readFeed } from '../feed/read-feed.ts';
import type { FeedDeps } from '../feed/read-landings.ts';
import type { RecordFilters } from '../query/filters.ts';
import type { BatchLimits } from './kind.ts';
import type { OutgoingRecord } from './outgoing.ts';

/** What is read at once, and sent in one or more batches; more where a batch may have more. */
const atOnce = { records: 2000, bytes: 4_000_000 } as const;

export interface Wanted {
  readonly tenantId: string;
  readonly tenantName: string;
  readonly filters: RecordFilters;
  /** Landings from this number on are not wanted. Absent: there is no end. */
  readonly endSequence?: number | undefined;
}

/** Records in order, and how far they reach. */
export interface Stretch {
  readonly records: readonly OutgoingRecord[];
  /** After everything that was read, records that are not wanted included. */
  readonly end: FeedPosition;
  /** False when everything available has been read. */
  readonly more: boolean;
}

/** Where to begin. */
export interface Begin {
  readonly position: FeedPosition;
  /** Where a batch ends that was about to be sent: all of it is read, however long that takes, and nothing else. */
  readonly pendingTo?: FeedPosition | undefined;
}

/** @throws when storage fails, or a raw blob is damaged */
export async function readAhead(
  deps: FeedDeps,
  { tenantId, tenantName, filters, endSequence }: Wanted,
  { position, pendingTo }: Begin,
  limits: BatchLimits,
): Promise<Stretch> {
  const records: OutgoingRecord[] = [];
  const most = {
    records: Math.max(atOnce.records, limits.records),
    bytes: Math.max(atOnce.bytes, limits.bytes),
  };
  let bytes = 0;
  const batch = await readFeed(deps, {
    tenantId,
    filters,
    position,
    until: pendingTo,
    limit: most.records,
    isFull: () => bytes >= most.bytes,
    onFound(found, { record: { bytes: text, truncated } }, place) {
      bytes += text.length;
      records.push({ ...found, tenantId, tenantName, place, text, truncated });
    },
  });
  return before(endSequence, { records, end: batch.position, more: batch.more });
}

/** The end is cut off what was read: a batch that is read up to an end has no limit of time. */
function before(endSequence: number | undefined, stretch: Stretch): Stretch {
  if (endSequence === undefined || stretch.end.sequence < endSequence) return stretch;
  const records = stretch.records.filter(({ place }) => place.sequence < endSequence);
  return { records, end: { sequence: endSequence, line: 0 }, more: false };
}

/** The place after a record. */
export function after({ place: { sequence, line } }: Pick<OutgoingRecord, 'place'>): FeedPosition {
  return { sequence, line: line + 1 };
}

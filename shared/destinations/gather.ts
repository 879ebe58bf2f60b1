/** Lets records wait for others, so that a destination of files gets few of them. */
import type { Cursor } from './cursor.ts';
import type { BatchLimits } from './kind.ts';
import type { OutgoingBatch } from './outgoing.ts';
import type { Stretch } from './read-ahead.ts';

type Gathering = Pick<Cursor, 'pendingTo' | 'atMost' | 'waitingSince'>;

/**
 * When records began to wait: the arrival of the first one. Undefined when nothing waits: the batch is full, its first
 * record has waited long enough, or it was about to be sent before.
 */
export function waitsSince(
  { waitMs = 0, records: most }: BatchLimits,
  { pendingTo, atMost = most }: Gathering,
  { stretch, batch, now }: { readonly stretch: Stretch; readonly batch: OutgoingBatch; readonly now: Date },
): Date | undefined {
  const [first, { length }] = [batch.records[0], batch.records];
  const isFull = stretch.more || length < stretch.records.length || length >= Math.min(most, atMost);
  if (first === undefined || isFull || pendingTo !== undefined) return undefined;
  // Numbers of landings are milliseconds since 1970.
  const since = new Date(first.record.place.sequence);
  return remainingMs(waitMs, since, now) > 0 ? since : undefined;
}

/** Whether everything that was not sent is known to wait, so that nothing has to be read. */
export function isGathering(
  { waitMs = 0 }: BatchLimits,
  { pendingTo, waitingSince }: Gathering,
  now: Date,
): boolean {
  if (waitingSince === undefined || pendingTo !== undefined) return false;
  return remainingMs(waitMs, waitingSince, now) > 0;
}

export function remainingMs(waitMs: number, since: Date, now: Date): number {
  return since.getTime() + waitMs - now.getTime();
}

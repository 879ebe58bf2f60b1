/** Which ranges of time are searched, each with a query of its own. */
import { sliceWindow, type Window } from '../activity/windows.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Queries for longer ranges take hours; Microsoft takes 200 queries a day. */
const rangeMs = 10 * dayMs;
/** Shorter ranges are not split. */
const shortestMs = minuteMs;
/** Until what happened can be found, in the feed and in the search: hours, a day at most. */
const settleMs = dayMs;
const mostParts = 16;

/** The ranges of a window, oldest first; what has not settled yet is apart, as it has to wait. */
export function planRanges({ start, end }: Window, now: Date): readonly Window[] {
  const settled = new Date(Math.max(start.getTime(), Math.min(end.getTime(), now.getTime() - settleMs)));
  return [...sliceWindow({ start, end: settled }, rangeMs), ...sliceWindow({ start: settled, end }, rangeMs)];
}

/** When everything of the range can be found. */
export function dueAt({ end }: Window): Date {
  return new Date(end.getTime() + settleMs);
}

/**
 * Equal parts of a range, oldest first; undefined if it is too short.
 * @param wanted how many; 2 at least, and no more than Microsoft runs at once
 */
export function splitRange(range: Window, wanted = 2): readonly Window[] | undefined {
  const lengthMs = range.end.getTime() - range.start.getTime();
  if (lengthMs < 2 * shortestMs) return undefined;
  const parts = Math.min(Math.max(2, Math.ceil(wanted)), mostParts, Math.floor(lengthMs / shortestMs));
  // Whole seconds, as records have them.
  return sliceWindow(range, Math.ceil(lengthMs / parts / 1000) * 1000);
}

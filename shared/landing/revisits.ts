/** Times that were listed are listed again when they are older, because Microsoft lists some content late. */
import type { ListedSlice } from '../activity/listed-slice.ts';
import { floorToSecond, type Window } from '../activity/windows.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Every poll lists at least this much again. */
export const shortOverlapMs = 10 * minuteMs;
/** The most that every poll lists again. */
export const longOverlapMs = hourMs;

/**
 * Each time is listed again once it is `afterMs` old, together with what is up to `everyMs` older. After the last one,
 * the daily reconciliation lists it for seven days.
 */
export const revisits = [
  { afterMs: longOverlapMs, everyMs: hourMs },
  { afterMs: 6 * hourMs, everyMs: 3 * hourMs },
  { afterMs: 18 * hourMs, everyMs: 5 * hourMs },
] as const;

/** For each of the {@link revisits}: what was published before this was listed again at that age. */
export type RevisitedThrough = readonly Date[];

/** Nothing before a moment is revisited. */
export function revisitedFrom(moment: Date): RevisitedThrough {
  return revisits.map(() => moment);
}

/**
 * What is due, in windows. After an outage of more than a day it is left to the reconciliation, so that new content is
 * not held up.
 */
export function dueRevisits(through: RevisitedThrough, now: Date): readonly Window[] {
  return revisits.flatMap(({ afterMs, everyMs }, at) => {
    const start = floorToSecond(through[at] ?? now);
    const end = floorToSecond(new Date(now.getTime() - afterMs));
    const dueMs = end.getTime() - start.getTime();
    return dueMs >= everyMs && dueMs <= everyMs + dayMs ? [{ start, end }] : [];
  });
}

/**
 * The fewest requests for a window and what is due: one, if it is known that there is hardly any content, and 24 hours
 * hold all.
 */
export function mergeWindows(window: Window, due: readonly Window[]): Window | undefined {
  const start = new Date(Math.min(...[window, ...due].map((one) => one.start.getTime())));
  return window.end.getTime() - start.getTime() <= dayMs ? { start, end: window.end } : undefined;
}

/** After a slice was listed to its end. */
export function revisit(through: RevisitedThrough, slice: ListedSlice): RevisitedThrough {
  return revisits.map(({ afterMs }, at) => {
    const before = through[at] ?? slice.requestedAt;
    const oldEnough = slice.requestedAt.getTime() - afterMs;
    const reached = new Date(Math.min(slice.through.getTime(), oldEnough));
    // What is between them was not listed again.
    return slice.start <= before && reached > before ? reached : before;
  });
}

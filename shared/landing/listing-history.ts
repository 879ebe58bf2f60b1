/** What the listings of one content type teach about when Microsoft lists content; kept with its checkpoint. */
import type { ListedSlice } from '../activity/listed-slice.ts';
import { earlier, oldestListable } from '../activity/windows.ts';
import { agePosition, usualPosition, withFound, type Lateness } from './lateness.ts';
import type { Checkpoint } from './ledger.ts';
import type { FoundContent } from './list-new-content.ts';
import { longOverlapMs, revisit, revisitedFrom, shortOverlapMs, type RevisitedThrough } from './revisits.ts';

/** While one poll lists it. */
export interface ListingHistory {
  readonly before: Checkpoint | undefined;
  measuredFrom: Date;
  revisitedThrough: RevisitedThrough;
  lateness: Lateness | undefined;
  /** Of the slice that is being listed. */
  found: number[];
}

/** @param now what a release before this one listed is not measured */
export function openHistory(before: Checkpoint | undefined, now: Date): ListingHistory {
  // A clock that was ahead may have moved them into the future.
  const measuredFrom = earlier(before?.measuredFrom ?? now, now);
  const marks = before?.revisitedThrough ?? revisitedFrom(measuredFrom);
  // What the feed has dropped cannot be listed again: a mark before that would stay there for good.
  const oldest = oldestListable(now);
  const revisitedThrough = marks.map((through) => (through < oldest ? oldest : earlier(through, now)));
  const lateness = before?.lateness;
  return { before, measuredFrom, revisitedThrough, lateness, found: [] };
}

/** How much a poll lists again: up to an hour if content is usually late by more than ten minutes. */
export function overlapOf(lateness: Lateness | undefined, now: Date): number {
  return usualPosition(lateness, now) > 1 ? longOverlapMs : shortOverlapMs;
}

/** What a page has that is not in the ledger. */
export function noticeContent(
  { before, found }: ListingHistory,
  contents: readonly FoundContent[],
  now: Date,
): void {
  if (before === undefined) return;
  for (const { content, reopened } of contents) {
    const position = reopened ? undefined : agePosition(content.contentCreated, before, now);
    if (position !== undefined) found.push(position);
  }
}

/**
 * Counts what was found once, when its slice was listed to its end.
 * @param restarted the subscription was started in between: what the feed shows then was not late
 */
export function noticeListed(
  history: ListingHistory,
  slice: ListedSlice,
  { restarted, now }: { readonly restarted: boolean; readonly now: Date },
): void {
  history.revisitedThrough = revisit(history.revisitedThrough, slice);
  if (restarted) history.measuredFrom = now;
  else history.lateness = withFound(history.lateness, history.found, now);
  history.found = [];
}

/** What its checkpoint keeps. */
export function learnedFrom(
  history: ListingHistory | undefined,
): Pick<Checkpoint, 'measuredFrom' | 'revisitedThrough' | 'lateness'> {
  const { measuredFrom, revisitedThrough, lateness } = history ?? {};
  return { measuredFrom, revisitedThrough, lateness };
}

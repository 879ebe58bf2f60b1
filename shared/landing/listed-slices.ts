/** What a poll records when a slice of a listing has been listed to its end, and when one cannot be. */
import type { ListedSlice } from '../activity/listed-slice.ts';
import { oldestListable } from '../activity/windows.ts';
import { gapOfStop, noticeRunning } from './feed-stops.ts';
import type { Checkpoint, Gap } from './ledger.ts';
import { noticeListed } from './listing-history.ts';
import type { PollListing, TypeListing } from './poll-listing.ts';

/** What is missing since it ran last is recorded as soon as the checkpoint may move past it. */
export function reachTo(poll: PollListing, type: TypeListing, slice: ListedSlice): void {
  const { contentType, before } = type;
  const isFirst = !poll.listedThrough.has(contentType);
  const wasStopped = noticeSlice(poll, type, slice);
  // A stop includes what the feed has dropped meanwhile.
  if (!wasStopped && isFirst && before !== undefined) addGap(poll, feedGap(before, poll.now()));
  poll.listedThrough.set(contentType, slice.through);
}

/** Returns whether it had been stopped: then the gap of that is recorded. */
export function noticeSlice(poll: PollListing, type: TypeListing, slice: ListedSlice): boolean {
  const { contentType, watch, history } = type;
  const [stop, now] = [noticeRunning(watch, slice.requestedAt), poll.now()];
  if (slice.answeredAt !== undefined) poll.answeredAt.set(contentType, slice.answeredAt);
  noticeListed(history, slice, { restarted: stop !== undefined, now });
  poll.histories.set(contentType, history);
  if (stop === undefined) return false;
  poll.stops.set(contentType, null);
  addGap(poll, gapOfStop(contentType, stop, { answeredAt: slice.answeredAt, now }));
  return true;
}

function addGap(poll: PollListing, gap: Gap): void {
  if (gap.window.start < gap.window.end) poll.gaps.push(gap);
}

/**
 * The feed drops content after 7 days: everything between the last listing and then is permanently lost. By the clock that
 * decided where the listing starts: what it left out is in the gap, even if that clock is ahead.
 */
function feedGap({ contentType, listedThrough }: Checkpoint, now: Date): Gap {
  const window = { start: listedThrough, end: oldestListable(now) };
  return { contentType, window, reason: 'feedExpired', code: 'AF20055', recordedAt: now };
}

/** At once, unless its checkpoint moves at the end of the poll. */
export async function recordStop(
  poll: PollListing,
  { contentType, before, watch }: TypeListing,
): Promise<void> {
  if (watch.stop === undefined) return;
  if (poll.listedThrough.has(contentType)) poll.stops.set(contentType, watch.stop);
  else if (before?.stop === undefined)
    await poll.ledger.markStopped(poll.tenant.tenantId, contentType, watch.stop);
}

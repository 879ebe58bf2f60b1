/** The listing of one content type within a poll: what it finds, and what it records. */
import type { UnusableItem } from '../activity/activity-feed.ts';
import type { ContentType } from '../activity/content-types.ts';
import type { ListedSlice } from '../activity/listed-slice.ts';
import { earlier, floorToSecond, oldestListable, type Window } from '../activity/windows.ts';
import { budgetSpent, UpstreamError } from '../errors.ts';
import type { ContentToFetch } from './fetch-outcomes.ts';
import { noticeStop, watchStops } from './feed-stops.ts';
import { gapOf, type Checkpoint } from './ledger.ts';
import { listNewContent, windowToList, type Listing } from './list-new-content.ts';
import { noticeSlice, reachTo, recordStop } from './listed-slices.ts';
import { noticeContent, openHistory, overlapOf } from './listing-history.ts';
import { mustStop, type PollListing, type TypeListing } from './poll-listing.ts';
import { dueRevisits, mergeWindows } from './revisits.ts';

/** The new content of one type, page by page. What Microsoft refuses is recorded, and ends it. */
export async function* listType(
  poll: PollListing,
  contentType: ContentType,
  now: Date,
): AsyncGenerator<readonly ContentToFetch[]> {
  const type = openType(poll, contentType, now);
  const { fresh, due } = windowsOf(poll, type, now);
  const isRequested = !mustStop(poll);
  try {
    const isListed = yield* listInOrder(poll, type, fresh, now);
    if (!isListed) poll.tally.finished = false;
    else yield* listDue(poll, type, due);
    if (isRequested) poll.listed.add(contentType);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    recordRefusal(poll, contentType, error);
    if (error.action !== 'waitForAuditing') return;
    noticeStop(type.watch, error.code);
    await recordStop(poll, type);
  }
}

function openType(poll: PollListing, contentType: ContentType, now: Date): TypeListing {
  const before = poll.listedBefore.get(contentType);
  const history = openHistory(before, now);
  return { contentType, before, watch: watchStops(before), history, foundEarly: new Set() };
}

/** What is new, and what is due to be listed again; a reconciliation lists everything. */
function windowsOf(
  poll: PollListing,
  { before, history }: TypeListing,
  now: Date,
): { readonly fresh: Window; readonly due: readonly Window[] } {
  if (poll.reconcile) return { fresh: windowToList(reconciledFrom(poll, before), now), due: [] };
  const fresh = windowToList(before?.listedThrough, now, overlapOf(history.lateness, now));
  const due = dueRevisits(history.revisitedThrough, now);
  const isQuiet = poll.tenant.poll.quietPolls > 0;
  const merged = isQuiet ? mergeWindows(fresh, due) : undefined;
  return merged === undefined ? { fresh, due } : { fresh: merged, due: [] };
}

/**
 * Never after what was listed: the checkpoint moves to the end of the window, over nothing that is not in it. Undefined:
 * everything that the feed has.
 */
function reconciledFrom({ since }: PollListing, before: Checkpoint | undefined): Date | undefined {
  return since && before && earlier(since, before.listedThrough);
}

/**
 * Returns whether everything was listed.
 * @throws UpstreamError also for a budget that was spent on pages with nothing new: another poll would get no further
 */
async function* listFresh(
  poll: PollListing,
  type: TypeListing,
  window: Window,
): AsyncGenerator<readonly ContentToFetch[], boolean> {
  let listedEnd = window.start;
  const { pages, found } = yield* listPages(poll, type, window, (slice) => {
    listedEnd = slice.end;
    if (slice.through > window.start) reachTo(poll, type, slice);
  });
  const isStuck = pages > 0 && found === 0 && listedEnd <= window.start && poll.budget.aborted;
  if (isStuck) throw endless(type.contentType);
  return listedEnd >= window.end;
}

/** What is not reached is due again in the next poll; it continues where this one ended. */
async function* listDue(
  poll: PollListing,
  type: TypeListing,
  due: readonly Window[],
): AsyncGenerator<readonly ContentToFetch[]> {
  for (const window of due)
    yield* listPages(poll, type, window, (slice) => {
      noticeSlice(poll, type, slice);
    });
}

const newestMs = 60 * 60_000;
/** A content type that was not listed for this long is far behind, and so is one that was never listed. */
const behindMs = 6 * 60 * 60_000;
/** What the feed drops within this time is listed before everything else. */
const urgentMs = 24 * 60 * 60_000;

/**
 * What expires soon, then the newest hour of a content type that is far behind, whose records do not wait for all that is
 * older, then everything. Returns whether everything was listed.
 */
async function* listInOrder(
  poll: PollListing,
  type: TypeListing,
  fresh: Window,
  now: Date,
): AsyncGenerator<readonly ContentToFetch[], boolean> {
  const isBehind = fresh.end.getTime() - (type.before?.listedThrough.getTime() ?? 0) > behindMs;
  if (!poll.newestFirst || !isBehind) return yield* listFresh(poll, type, fresh);
  const expiring = floorToSecond(new Date(oldestListable(now).getTime() + urgentMs));
  const edge = earlier(fresh.end, expiring);
  const cut = edge < fresh.start ? fresh.start : edge;
  if (!(yield* listFresh(poll, type, { start: fresh.start, end: cut }))) return false;
  yield* listNewest(poll, type, fresh);
  return yield* listFresh(poll, type, { start: cut, end: fresh.end });
}

/**
 * Nothing is claimed of the newest hour, as its turn comes again. Only the first poll of several that catch up lists it: it
 * may take a whole budget.
 * @throws UpstreamError for a budget that was spent on pages with nothing new, as {@link listFresh}
 */
async function* listNewest(
  poll: PollListing,
  type: TypeListing,
  { end }: Window,
): AsyncGenerator<readonly ContentToFetch[]> {
  const { contentType, foundEarly } = type;
  const window = { start: new Date(end.getTime() - newestMs), end };
  let [pages, isListed] = [0, false];
  const onListed = () => {
    isListed = true;
  };
  for await (const { contents } of listNewContent(listingOf(poll, type), contentType, window, onListed)) {
    pages += 1;
    for (const { content } of contents) foundEarly.add(content.contentId);
    yield contents;
  }
  const isStuck = pages > 0 && foundEarly.size === 0 && !isListed && poll.budget.aborted;
  if (isStuck) throw endless(contentType);
}

function endless(contentType: ContentType): UpstreamError {
  return budgetSpent(`The list of ${contentType} did not end`);
}

/** Returns how many pages there were, and what they brought. */
async function* listPages(
  poll: PollListing,
  type: TypeListing,
  window: Window,
  onListed: (slice: ListedSlice) => void,
): AsyncGenerator<readonly ContentToFetch[], { readonly pages: number; readonly found: number }> {
  let [pages, found] = [0, 0];
  for await (const page of listNewContent(listingOf(poll, type), type.contentType, window, onListed)) {
    const contents = page.contents.filter(({ content }) => !type.foundEarly.has(content.contentId));
    pages += 1;
    found += page.contents.length + page.unusable.length;
    noticeContent(type.history, contents, poll.now());
    for (const item of page.unusable) loseItem(poll, item);
    yield contents;
  }
  return { pages, found };
}

function listingOf(poll: PollListing, { watch }: TypeListing): Listing {
  return {
    ...poll,
    reopen: poll.reconcile,
    mustStop: () => mustStop(poll),
    onStarted: (code) => {
      noticeStop(watch, code);
    },
  };
}

function recordRefusal(poll: PollListing, contentType: ContentType, error: UpstreamError): void {
  const { errors, tally, telemetry, tenant } = poll;
  errors.set(contentType, error);
  if (error.action === 'pause') tally.pause ??= error;
  telemetry('landing.listing.failed', { tenantId: tenant.tenantId, contentType, code: error.code });
}

/** A gap says that there is content that cannot be fetched. */
function loseItem(poll: PollListing, { content, code }: UnusableItem): void {
  const { contentType, contentId } = content;
  poll.settled.push({ content, state: 'gone', attempts: 0, code });
  poll.gaps.push(gapOf(content, { reason: 'contentUnusable', code, recordedAt: poll.now() }));
  const { tenantId } = poll.tenant;
  poll.telemetry('landing.content.unusable', { tenantId, contentType, contentId, code });
}

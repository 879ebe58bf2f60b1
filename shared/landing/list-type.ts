/** The listing of one content type within a poll: what it finds, and what it records. */
import type { ActivityFeed, UnusableItem } from '../activity/activity-feed.ts';
import type { ContentType } from '../activity/content-types.ts';
import { oldestListable, type Window } from '../activity/windows.ts';
import type { Budget } from '../budget.ts';
import { budgetSpent, UpstreamError } from '../errors.ts';
import type { Telemetry } from '../telemetry.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { ContentToFetch } from './fetch-content.ts';
import { gapOfStop, noticeRunning, noticeStop, watchStops, type StopWatch } from './feed-stops.ts';
import { gapOf, type Checkpoint, type Gap, type Ledger, type SettledContent, type Stop } from './ledger.ts';
import { listNewContent, windowToList, type ListedSlice } from './list-new-content.ts';

/** What the listings of a poll read, and where they record what they find. */
export interface PollListing {
  readonly feed: ActivityFeed;
  readonly ledger: Ledger;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
  readonly budget: Budget;
  readonly tenant: Tenant;
  /** List everything the feed still has, from `since` on. */
  readonly reconcile: boolean;
  readonly since: Date | undefined;
  readonly listedBefore: ReadonlyMap<ContentType, Checkpoint>;
  readonly openIds: ReadonlySet<string>;
  readonly listedThrough: Map<ContentType, Date>;
  /** Of listed content types: stopped since, or, if `null`, running again. */
  readonly stops: Map<ContentType, Stop | null>;
  readonly listed: Set<ContentType>;
  readonly errors: Map<ContentType, UpstreamError>;
  readonly gaps: Gap[];
  readonly settled: SettledContent[];
  readonly tally: { finished: boolean; pause: UpstreamError | undefined };
}

/** The budget is spent, or Microsoft throttled a request. */
export function mustStop({ tally, budget }: PollListing): boolean {
  return tally.pause !== undefined || budget.aborted;
}

/** The new content of one type, page by page. What Microsoft refuses is recorded, and ends it. */
export async function* listType(
  poll: PollListing,
  contentType: ContentType,
  now: Date,
): AsyncGenerator<readonly ContentToFetch[]> {
  const before = poll.listedBefore.get(contentType);
  const window = windowToList(poll.reconcile ? poll.since : before?.listedThrough, now);
  const isRequested = !mustStop(poll);
  const watch = watchStops(before);
  try {
    const isListed = yield* listPages(poll, { contentType, before, watch }, window);
    if (!isListed) poll.tally.finished = false;
    if (isRequested) poll.listed.add(contentType);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    recordRefusal(poll, contentType, error);
    if (error.action !== 'waitForAuditing') return;
    noticeStop(watch, error.code);
    await recordStop(poll, { contentType, before, watch });
  }
}

/** One content type while it is listed. */
interface TypeListing {
  readonly contentType: ContentType;
  readonly before: Checkpoint | undefined;
  readonly watch: StopWatch;
}

/** At once, unless its checkpoint moves at the end of the poll. */
async function recordStop(poll: PollListing, { contentType, before, watch }: TypeListing): Promise<void> {
  if (watch.stop === undefined) return;
  if (poll.listedThrough.has(contentType)) poll.stops.set(contentType, watch.stop);
  else if (before?.stop === undefined)
    await poll.ledger.markStopped(poll.tenant.tenantId, contentType, watch.stop);
}

/**
 * Returns whether everything was listed.
 * @throws UpstreamError also for a budget that was spent on pages with nothing new: another poll would get no further
 */
async function* listPages(
  poll: PollListing,
  type: TypeListing,
  window: Window,
): AsyncGenerator<readonly ContentToFetch[], boolean> {
  const { contentType, watch } = type;
  const listing = {
    ...poll,
    reopen: poll.reconcile,
    mustStop: () => mustStop(poll),
    onStarted: (code: string) => {
      noticeStop(watch, code);
    },
  };
  let [pages, found, listedEnd] = [0, 0, window.start];
  const pagesOfType = listNewContent(listing, contentType, window, (slice) => {
    listedEnd = slice.end;
    if (slice.through > window.start) reachTo(poll, type, slice);
  });
  for await (const page of pagesOfType) {
    pages += 1;
    found += page.contents.length + page.unusable.length;
    for (const item of page.unusable) loseItem(poll, item);
    yield page.contents;
  }
  const isStuck = pages > 0 && found === 0 && listedEnd <= window.start && poll.budget.aborted;
  if (isStuck) throw budgetSpent(`The list of ${contentType} did not end`);
  return listedEnd >= window.end;
}

/** What is missing since it ran last is recorded as soon as the checkpoint may move past it. */
function reachTo(
  poll: PollListing,
  { contentType, before, watch }: TypeListing,
  { through, requestedAt }: ListedSlice,
): void {
  const stop = noticeRunning(watch, requestedAt);
  const now = poll.now();
  // A stop includes what the feed has dropped meanwhile.
  if (stop !== undefined) {
    poll.stops.set(contentType, null);
    addGap(poll, gapOfStop(contentType, stop, now));
  } else if (before !== undefined && !poll.listedThrough.has(contentType)) {
    addGap(poll, feedGap(before, now));
  }
  poll.listedThrough.set(contentType, through);
}

function addGap(poll: PollListing, gap: Gap): void {
  if (gap.window.start < gap.window.end) poll.gaps.push(gap);
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

/** The feed drops content after 7 days: everything between the last listing and then is permanently lost. */
function feedGap({ contentType, listedThrough }: Checkpoint, now: Date): Gap {
  const window = { start: listedThrough, end: oldestListable(now) };
  return { contentType, window, reason: 'feedExpired', code: 'AF20055', recordedAt: now };
}

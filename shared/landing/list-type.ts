/** The listing of one content type within a poll: what it finds, and what it records. */
import type { ActivityFeed, UnusableItem } from '../activity/activity-feed.ts';
import type { ContentType } from '../activity/content-types.ts';
import { oldestListable, type Window } from '../activity/windows.ts';
import type { Budget } from '../budget.ts';
import { budgetSpent, UpstreamError } from '../errors.ts';
import type { Telemetry } from '../telemetry.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { ContentToFetch } from './fetch-content.ts';
import { gapOf, type Checkpoint, type Gap, type Ledger, type SettledContent } from './ledger.ts';
import { listNewContent, windowToList } from './list-new-content.ts';

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
  const listedBefore = poll.listedBefore.get(contentType)?.listedThrough;
  if (listedBefore !== undefined && listedBefore < oldestListable(now)) {
    poll.gaps.push(feedGap(contentType, listedBefore, now));
  }
  const window = windowToList(poll.reconcile ? poll.since : listedBefore, now);
  const isRequested = !mustStop(poll);
  try {
    const isListed = yield* listPages(poll, contentType, window);
    if (!isListed) poll.tally.finished = false;
    if (isRequested) poll.listed.add(contentType);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    recordRefusal(poll, contentType, error);
    if (error.action === 'waitForAuditing') await recordStop(poll, contentType, error.code);
  }
}

/**
 * Returns whether everything was listed.
 * @throws UpstreamError also for a budget that was spent on pages with nothing new: another poll would get no further
 */
async function* listPages(
  poll: PollListing,
  contentType: ContentType,
  window: Window,
): AsyncGenerator<readonly ContentToFetch[], boolean> {
  const listing = {
    ...poll,
    reopen: poll.reconcile,
    mustStop: () => mustStop(poll),
    onStopped: (code: string) => recordStop(poll, contentType, code),
  };
  let [pages, found, listedEnd] = [0, 0, window.start];
  const pagesOfType = listNewContent(listing, contentType, window, ({ end, through }) => {
    listedEnd = end;
    if (through > window.start) poll.listedThrough.set(contentType, through);
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

function recordRefusal(poll: PollListing, contentType: ContentType, error: UpstreamError): void {
  const { errors, tally, telemetry, tenant } = poll;
  errors.set(contentType, error);
  if (error.action === 'pause') tally.pause ??= error;
  telemetry('landing.listing.failed', { tenantId: tenant.tenantId, contentType, code: error.code });
}

/**
 * Microsoft publishes nothing for a subscription that is stopped, or while auditing is off: since the last listing, no one
 * knows for how long. Durable before the subscription is started, as nothing shows afterwards that it was stopped.
 */
async function recordStop(poll: PollListing, contentType: ContentType, code: string): Promise<void> {
  const [start, end] = [poll.listedBefore.get(contentType)?.listedThrough, poll.now()];
  if (start === undefined || start >= end) return;
  const gap: Gap = { contentType, window: { start, end }, reason: 'feedStopped', code, recordedAt: end };
  // It includes what the feed no longer has.
  const isIncluded = (other: Gap) => other.contentType === contentType && other.window.start === start;
  poll.gaps.splice(0, poll.gaps.length, ...poll.gaps.filter((other) => !isIncluded(other)), gap);
  await poll.ledger.recordGaps(poll.tenant.tenantId, [gap]);
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
function feedGap(contentType: ContentType, listedThrough: Date, now: Date): Gap {
  const window = { start: listedThrough, end: oldestListable(now) };
  return { contentType, window, reason: 'feedExpired', code: 'AF20055', recordedAt: now };
}

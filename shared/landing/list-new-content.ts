/** Lists the content that the feed has and the ledger does not. */
import type { ActivityFeed, ContentBlob, ContentPage, UnusableItem } from '../activity/activity-feed.ts';
import type { ContentType } from '../activity/content-types.ts';
import type { ListedSlice } from '../activity/listed-slice.ts';
import { earlier, floorToSecond, oldestListable, sliceWindow, type Window } from '../activity/windows.ts';
import type { Budget } from '../budget.ts';
import { UpstreamError } from '../errors.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { Ledger } from './ledger.ts';
import { shortOverlapMs } from './revisits.ts';

/** The youngest seconds are left to the next poll: clocks disagree. */
const marginMs = 5_000;

/** Ids of a listing that are remembered, to fetch nothing twice that is on two pages. */
const rememberedIds = 50_000;

export interface Listing {
  readonly feed: ActivityFeed;
  readonly ledger: Ledger;
  readonly tenant: Tenant;
  /** contentIds of open rows of the ledger: not new. */
  readonly openIds: ReadonlySet<string>;
  /** List again what the ledger knows as gone: Microsoft may have been wrong about that. */
  readonly reopen: boolean;
  readonly budget: Budget;
  readonly now: () => Date;
  /** True when no further page should be requested. */
  readonly mustStop: () => boolean;
  /** Called once a subscription that was stopped is running. */
  readonly onStarted: (code: string) => void;
}

/** What one page of a listing brought. */
export interface NewContent {
  readonly contents: readonly FoundContent[];
  readonly unusable: readonly UnusableItem[];
}

export interface FoundContent {
  readonly content: ContentBlob;
  /** The ledger knows it as gone, with a gap. */
  readonly reopened: boolean;
}

/**
 * What to list for one content type.
 * @param listedThrough undefined for a type that was never listed: then everything the feed still has
 * @param overlapMs listed again, for content that appears late
 */
export function windowToList(
  listedThrough: Date | undefined,
  now: Date,
  overlapMs: number = shortOverlapMs,
): Window {
  const oldest = oldestListable(now);
  // A clock that was ahead may have moved it into the future.
  const wanted =
    listedThrough === undefined ? oldest : new Date(earlier(listedThrough, now).getTime() - overlapMs);
  return {
    start: floorToSecond(wanted < oldest ? oldest : wanted),
    end: floorToSecond(new Date(now.getTime() - marginMs)),
  };
}

/**
 * What is new of one type, page by page and oldest first. A missing subscription is started, once.
 * @param onListed called after each slice whose pages have all been yielded
 * @throws UpstreamError
 */
export async function* listNewContent(
  listing: Listing,
  contentType: ContentType,
  window: Window,
  onListed: (slice: ListedSlice) => void,
): AsyncGenerator<NewContent> {
  for (const slice of sliceWindow(window)) {
    if (listing.mustStop()) return;
    // Pages shift while they are read: a content blob can be on two of them.
    const seen = new Set<string>();
    let [through, requestedAt] = [slice.end, listing.now()];
    let answeredAt: Date | undefined;
    for await (const page of listSlice(listing, contentType, slice)) {
      yield await findNew(listing, page, seen);
      if (listing.mustStop()) return;
      through = earlier(through, answeredThrough(page));
      requestedAt = earlier(requestedAt, page.answeredAt ?? farFuture);
      answeredAt = page.answeredAt;
    }
    onListed({ ...slice, through, requestedAt, answeredAt });
  }
}

/** By Microsoft's own clock, in case this one is ahead. */
function answeredThrough({ answeredAt }: ContentPage): Date {
  return answeredAt === undefined ? farFuture : new Date(answeredAt.getTime() - marginMs);
}

const farFuture = new Date(8.64e15);

async function findNew(
  { ledger, tenant, openIds, reopen }: Listing,
  { contents, unusable }: ContentPage,
  seen: Set<string>,
): Promise<NewContent> {
  const listed = [...contents, ...unusable.map(({ content }) => content)];
  const known = await ledger.known(tenant.tenantId, listed);
  const isFirst = ({ contentId }: ContentBlob) => {
    const isNew = !openIds.has(contentId) && !seen.has(contentId);
    remember(seen, contentId);
    return isNew;
  };
  const isReopened = ({ contentId }: ContentBlob) => reopen && known.get(contentId) === 'gone';
  const isNew = ({ contentId }: ContentBlob) => !known.has(contentId);
  return {
    contents: contents
      .filter((content) => isNew(content) || isReopened(content))
      .filter(isFirst)
      .map((content) => ({ content, reopened: isReopened(content) })),
    unusable: unusable.filter(({ content }) => isNew(content) && isFirst(content)),
  };
}

function remember(seen: Set<string>, contentId: string): void {
  seen.add(contentId);
  const [oldest] = seen;
  if (seen.size > rememberedIds && oldest !== undefined) seen.delete(oldest);
}

async function* listSlice(
  { feed, tenant, budget, onStarted }: Listing,
  contentType: ContentType,
  slice: Window,
): AsyncGenerator<ContentPage> {
  try {
    yield* feed.listContent(tenant, contentType, slice, budget);
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.action !== 'startSubscription') throw error;
    await feed.startSubscription(tenant, contentType, budget);
    onStarted(error.code);
    yield* feed.listContent(tenant, contentType, slice, budget);
  }
}

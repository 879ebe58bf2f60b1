/** Lists the content that the feed has and the ledger does not. */
import type { ActivityFeed, ContentBlob } from '../activity/activity-feed.ts';
import type { ContentType } from '../activity/content-types.ts';
import { floorToSecond, oldestListable, sliceWindow, type Window } from '../activity/windows.ts';
import type { Budget } from '../budget.ts';
import { UpstreamError } from '../errors.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { Ledger } from './ledger.ts';

/** Listed again by every poll, for content that appears late. */
const overlapMs = 10 * 60_000;
/** The youngest seconds are left to the next poll: clocks disagree. */
const marginMs = 5_000;

export interface Listing {
  readonly feed: ActivityFeed;
  readonly ledger: Ledger;
  readonly tenant: Tenant;
  /** contentIds of pending rows of the ledger: not new. */
  readonly openIds: ReadonlySet<string>;
  readonly budget: Budget;
  /** True when no further page should be requested. */
  readonly mustStop: () => boolean;
}

/**
 * What to list for one content type.
 * @param listedThrough undefined for a type that was never listed: then everything the feed still has
 */
export function windowToList(listedThrough: Date | undefined, now: Date): Window {
  const oldest = oldestListable(now);
  const wanted = listedThrough === undefined ? oldest : new Date(listedThrough.getTime() - overlapMs);
  return {
    start: floorToSecond(wanted < oldest ? oldest : wanted),
    end: floorToSecond(new Date(now.getTime() - marginMs)),
  };
}

/**
 * New content blobs of one type, oldest first. A missing subscription is started, once.
 * @param onListed called with the end of each slice whose content blobs have all been yielded
 * @throws UpstreamError
 */
export async function* listNewContent(
  listing: Listing,
  contentType: ContentType,
  window: Window,
  onListed: (through: Date) => void,
): AsyncGenerator<ContentBlob> {
  for (const slice of sliceWindow(window)) {
    if (listing.mustStop()) return;
    // Pages shift while they are read: a content blob can be on two of them.
    const seen = new Set(listing.openIds);
    for await (const page of listSlice(listing, contentType, slice)) {
      const known = await listing.ledger.known(listing.tenant.tenantId, page);
      for (const content of page) {
        if (listing.mustStop()) return;
        if (known.has(content.contentId) || seen.has(content.contentId)) continue;
        seen.add(content.contentId);
        yield content;
      }
    }
    if (listing.mustStop()) return;
    onListed(slice.end);
  }
}

async function* listSlice(
  { feed, tenant, budget }: Listing,
  contentType: ContentType,
  slice: Window,
): AsyncGenerator<readonly ContentBlob[]> {
  try {
    yield* feed.listContent(tenant, contentType, slice, budget);
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.action !== 'startSubscription') throw error;
    await feed.startSubscription(tenant, contentType, budget);
    yield* feed.listContent(tenant, contentType, slice, budget);
  }
}

/** What a signed link to a feed allows: to read on in this very feed, and nothing else. */
import type { Capability } from '../access/capability-token.ts';
import { searchKey } from '../searches/search.ts';

/** Parameters that say how far a reader has come, not what it reads. */
const positional: readonly string[] = ['triggerState', 'start', 't'];

/** What a feed is about, beyond its parameters. */
export type FeedAbout = 'records-feed' | `searches/${string}`;

export function aboutSearch(name: string): FeedAbout {
  return `searches/${searchKey(name)}`;
}

/**
 * Undefined without a position: a link would otherwise open everything that is older than itself.
 * @param tenantId undefined for a set of tenants
 */
export function feedCapability(
  tenantId: string | undefined,
  about: FeedAbout,
  query: URLSearchParams,
): Capability | undefined {
  return query.has('triggerState') ? readingOf(tenantId, about, query) : undefined;
}

/** The capability to grant for a feed with these parameters. */
export function readingOf(
  tenantId: string | undefined,
  about: FeedAbout,
  query: URLSearchParams,
): Capability {
  const asked = [...query].filter(([name]) => !positional.includes(name));
  const sorted = new URLSearchParams(asked.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  return { purpose: 'readFeed', tenantId, subject: `${about}?${sorted.toString()}` };
}

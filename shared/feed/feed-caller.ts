/** Who polls a feed: somebody with a key or a token, or whoever follows a Location that we gave. */
import type { Caller } from '../access/caller.ts';
import { identifyLinkedCaller, type LinkedCallerDeps, type LinkedRequest } from '../access/linked-caller.ts';
import { feedCapabilitySubject } from './answer-feed.ts';

/** @throws RequestError 401 */
export async function identifyFeedCaller(
  deps: LinkedCallerDeps,
  request: LinkedRequest,
  { tenantId, about }: { readonly tenantId: string; readonly about: string },
): Promise<Caller> {
  const { query } = request;
  const capability = { purpose: 'readFeed', tenantId, subject: feedCapabilitySubject(about, query) } as const;
  // Without a place to go on from, a token would open all that is older than itself.
  return await identifyLinkedCaller(deps, request, query.has('triggerState') ? capability : undefined);
}

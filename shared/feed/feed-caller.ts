/** Who polls a feed: somebody with a key or a token, or whoever follows a Location that we gave. */
import type { Access, Caller } from '../access/access.ts';
import type { Capabilities } from '../access/capability-token.ts';
import { isFromEntra } from '../access/capability-token.ts';
import { feedCapabilitySubject } from './answer-feed.ts';

/** The part of a request that tells who calls. */
export interface FeedRequest {
  readonly headers: { get(name: string): string | null };
  readonly query: URLSearchParams;
}

export interface FeedCallerDeps {
  readonly access: Pick<Access, 'authenticate'>;
  readonly capabilities: Pick<Capabilities, 'redeem'>;
}

/** Where credentials are sent they alone count: a token in the address is for those who lost theirs on the way. */
function isFollowed({ headers, query }: FeedRequest): boolean {
  const isSent = headers.get('x-api-key') !== null || headers.get('authorization') !== null;
  // Without a place to go on from, a token would open all that is older than itself.
  return !isSent && query.has('t') && query.has('triggerState');
}

/** @throws RequestError 401 */
export async function identifyFeedCaller(
  { access, capabilities }: FeedCallerDeps,
  request: FeedRequest,
  { tenantId, about }: { readonly tenantId: string; readonly about: string },
): Promise<Caller> {
  const { headers, query } = request;
  if (isFollowed(request)) {
    const subject = feedCapabilitySubject(about, query);
    return await capabilities.redeem(query.get('t') ?? '', { purpose: 'readFeed', tenantId, subject });
  }
  return await access.authenticate({
    apiKey: headers.get('x-api-key'),
    authorization: headers.get('authorization'),
  });
}

/** The token to be passed on as it is: one that cannot be checked against a key must end some day. */
export function tokenToKeep(request: FeedRequest, caller: Caller): string | undefined {
  return isFollowed(request) && isFromEntra(caller.id) ? (request.query.get('t') ?? undefined) : undefined;
}

/** The polling contract of flows: 202 while there is nothing new, 200 with records, and always where to continue. */
import type { Capabilities } from '../access/capability-token.ts';
import type { Caller } from '../access/caller.ts';
import { checkFits, withoutParameter, withParameter } from '../http/address-length.ts';
import { readingOf, type FeedAbout } from './feed-capability.ts';
import type { FeedQuery } from './feed-query.ts';
import type { FeedSource } from './feed-source.ts';

export interface FeedAnswerDeps {
  readonly capabilities: Pick<Capabilities, 'grant'>;
}

/** A poll by a caller who may read what the source does. */
export interface FeedPoll {
  readonly caller: Caller;
  /** As it was sent. */
  readonly url: string;
  readonly query: FeedQuery;
  readonly about: FeedAbout;
  /** The token that allowed this poll, if it must not be replaced by a newer one. */
  readonly keep?: string | undefined;
}

const waitSeconds = 60;

/**
 * Without records there is only where to continue.
 * @throws RequestError 400 InvalidTriggerState for a state that does not belong to this source; 414 for filters that are
 *   too long for an address
 * @see https://learn.microsoft.com/connectors/custom-connectors/create-polling-trigger
 */
export async function answerFeed<Position, Shown>(
  deps: FeedAnswerDeps,
  source: FeedSource<Position, Shown>,
  poll: FeedPoll,
) {
  const { triggerState, start, select } = poll.query;
  const headersOf = (position: Position, more: boolean) =>
    continuing(deps, poll, { tenantId: source.tenantId, state: source.seal(position), more });
  if (triggerState === undefined) {
    const position = start === 'beginning' ? source.beginning : await source.end();
    return { status: 202, headers: headersOf(position, start === 'beginning') } as const;
  }
  const { records, position, more } = await source.read(source.open(triggerState), poll.query);
  const headers = headersOf(position, more);
  if (records.length === 0) return { status: 202, headers } as const;
  return { status: 200, headers, body: { value: records.map((one) => source.show(one, select)) } } as const;
}

interface Continuation {
  readonly tenantId: string | undefined;
  readonly state: string;
  readonly more: boolean;
}

function continuing(
  { capabilities }: FeedAnswerDeps,
  { caller, url, about, keep }: FeedPoll,
  { tenantId, state, more }: Continuation,
) {
  const capability = readingOf(tenantId, about, new URL(url).searchParams);
  const continued = withParameter(withoutParameter(url, 'start'), 'triggerState', state);
  const next = withParameter(continued, 't', keep ?? capabilities.grant(caller, capability));
  checkFits(next);
  return { Location: next, 'Retry-After': more ? '1' : String(waitSeconds) };
}

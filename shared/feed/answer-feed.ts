/** The polling contract of flows: 202 while there is nothing new, 200 with records, and always where to continue. */
import type { Capabilities } from '../access/capability-token.ts';
import type { Caller } from '../access/caller.ts';
import { checkFits, withoutParameter, withParameter } from '../http/address-length.ts';
import { publicRecord } from '../query/public-record.ts';
import { readingOf, type FeedAbout } from './feed-capability.ts';
import type { FeedQuery } from './feed-query.ts';
import { feedBeginning, feedEnd, isBefore, type FeedPosition } from './landing-sequence.ts';
import { readFeed, type FeedBatch } from './read-feed.ts';
import type { FeedDeps } from './read-landings.ts';
import type { TriggerStates } from './trigger-state.ts';

export interface FeedAnswerDeps extends FeedDeps {
  readonly triggerStates: TriggerStates;
  readonly capabilities: Pick<Capabilities, 'grant'>;
}

/** A poll by a caller who may read the tenant. */
export interface FeedPoll {
  readonly caller: Caller;
  readonly tenantId: string;
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
 * @throws RequestError 400 InvalidTriggerState for a state that does not belong to this tenant; 414 for filters that are
 *   too long for an address
 * @see https://learn.microsoft.com/connectors/custom-connectors/create-polling-trigger
 */
export async function answerFeed(deps: FeedAnswerDeps, poll: FeedPoll) {
  const { query, tenantId } = poll;
  const { triggerState, start, top: limit, select } = query;
  if (triggerState === undefined) {
    const position = start === 'beginning' ? feedBeginning : await feedEnd(deps.landings, tenantId);
    const headers = headersOf(deps, poll, { position, more: start === 'beginning' });
    return { status: 202, headers } as const;
  }
  const position = deps.triggerStates.open(triggerState, tenantId);
  const end = await feedEnd(deps.landings, tenantId);
  const batch = isBefore(position, end)
    ? await readFeed(deps, { tenantId, filters: query.filters, position, limit })
    : { records: [], position, more: false };
  const headers = headersOf(deps, poll, batch);
  if (batch.records.length === 0) return { status: 202, headers } as const;
  const value = batch.records.map((record) => publicRecord(record, select));
  return { status: 200, headers, body: { value } } as const;
}

function headersOf(
  { triggerStates, capabilities }: FeedAnswerDeps,
  { caller, tenantId, url, about, keep }: FeedPoll,
  { position, more }: { readonly position: FeedPosition } & Pick<FeedBatch, 'more'>,
) {
  const capability = readingOf(tenantId, about, new URL(url).searchParams);
  const state = triggerStates.seal(tenantId, position);
  const continued = withParameter(withoutParameter(url, 'start'), 'triggerState', state);
  const next = withParameter(continued, 't', keep ?? capabilities.grant(caller, capability));
  checkFits(next);
  return { Location: next, 'Retry-After': more ? '1' : String(waitSeconds) };
}

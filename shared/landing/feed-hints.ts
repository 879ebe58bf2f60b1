/**
 * What Microsoft's webhook is good for: it has a tenant polled earlier than the timer would. What a hint says is not
 * read, and a lost one costs nothing but time.
 */
import { LRUCache } from 'lru-cache';
import type { FeedWebhooks } from '../activity/feed-webhook.ts';
import type { PollState } from '../tenants/tenant.ts';
import type { WorkQueues } from './work-queues.ts';

export interface FeedHintDeps {
  readonly feedWebhooks: Pick<FeedWebhooks, 'tenantOf'>;
  readonly queues: Pick<WorkQueues, 'requestPoll'>;
  readonly now: () => Date;
  /** A content blob younger than this is not fetched yet. */
  readonly settleMs: number;
}

export interface FeedHints {
  /** Whether an auth ID is one of ours. Without a storage operation. */
  isAuthentic(authId: string): boolean;
  /**
   * Requests a poll of the tenant that an auth ID was made for, at most one in each `settleMs`.
   * @returns false, after nothing was done, if the auth ID is not one of ours
   * @throws when storage fails
   */
  take(authId: string): Promise<boolean>;
}

const rememberedTenants = 10_000;

export function createFeedHints({ feedWebhooks, queues, now, settleMs }: FeedHintDeps): FeedHints {
  const requested = new LRUCache<string, true>({
    max: rememberedTenants,
    ttl: settleMs,
    ttlResolution: 0,
    perf: { now: () => now().getTime() },
  });
  const request = async (tenantId: string): Promise<void> => {
    requested.set(tenantId, true);
    try {
      // What is announced until this expires has settled by the time of that poll.
      await queues.requestPoll({ version: 1, tenantId, reason: 'notified' }, 2 * settleMs);
    } catch (error) {
      requested.delete(tenantId);
      throw error;
    }
  };
  return {
    isAuthentic: (authId) => feedWebhooks.tenantOf(authId) !== undefined,
    async take(authId) {
      const tenantId = feedWebhooks.tenantOf(authId);
      if (tenantId !== undefined && !requested.has(tenantId)) await request(tenantId);
      return tenantId !== undefined;
    },
  };
}

/**
 * Whether a hint is worth a poll now. Not while Microsoft wants a pause, or the feed refuses for another reason; and
 * not right after a poll, however many instances took hints.
 */
export function isPollWorthwhile(
  { lastPollAt = new Date(0), nextPollAt, lastError }: PollState,
  now: Date,
  settleMs: number,
): boolean {
  const isPausing = lastError !== undefined && nextPollAt > now;
  return !isPausing && now.getTime() - lastPollAt.getTime() >= settleMs;
}

/** A hint never delays a poll of the timer: one that brings nothing does not count as quiet. */
export function afterHint(before: PollState, after: PollState): PollState {
  if (after.lastError !== undefined) return after;
  const nextPollAt = before.nextPollAt < after.nextPollAt ? before.nextPollAt : after.nextPollAt;
  return { ...after, nextPollAt, quietPolls: Math.min(before.quietPolls, after.quietPolls) };
}

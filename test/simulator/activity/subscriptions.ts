/** Which content types of a tenant a client has subscribed to. */

import type { FeedContentType } from '../tenant.ts';

export interface Webhook {
  readonly address: string;
  readonly authId: string;
  readonly expiration: string | null;
}

type SubscriptionState = 'absent' | 'disabled' | 'enabled';

export interface ListedSubscription {
  readonly contentType: FeedContentType;
  readonly webhook: Webhook | undefined;
}

export interface Subscriptions {
  /** Returns false when the subscription is already enabled and nothing changes. */
  start(contentType: FeedContentType, webhook: Webhook | undefined, at: StartTime): boolean;
  /** Returns false if there has never been a subscription. */
  stop(contentType: FeedContentType, now: Date): boolean;
  stateOf(contentType: FeedContentType, now: Date): SubscriptionState;
  /** The enabled subscriptions. */
  list(now: Date): readonly ListedSubscription[];
  /** Whether content was published between a stop and the next start; that content is never delivered. */
  misses(contentType: FeedContentType, contentCreated: Date): boolean;
}

interface StartTime {
  readonly now: Date;
  /** How long the service still treats a stopped subscription as disabled after its restart. */
  readonly resubscribeLagMs: number;
}

interface Subscription {
  readonly webhook: Webhook | undefined;
  /** Undefined while enabled. */
  readonly stoppedAt: Date | undefined;
  readonly effectiveFrom: Date;
  readonly pauses: readonly { readonly from: Date; readonly to: Date }[];
}

export const createSubscriptions = (): Subscriptions => {
  const byType = new Map<FeedContentType, Subscription>();

  const stateOf = (contentType: FeedContentType, now: Date): SubscriptionState => {
    const known = byType.get(contentType);
    if (known === undefined) return 'absent';
    return known.stoppedAt === undefined && known.effectiveFrom <= now ? 'enabled' : 'disabled';
  };

  const start: Subscriptions['start'] = (contentType, webhook, at) => {
    const known = byType.get(contentType);
    if (known !== undefined && known.stoppedAt === undefined && isSame(known.webhook, webhook)) return false;
    byType.set(contentType, started(known, webhook, at));
    return true;
  };

  const stop = (contentType: FeedContentType, now: Date): boolean => {
    const known = byType.get(contentType);
    if (known === undefined) return false;
    byType.set(contentType, { ...known, stoppedAt: known.stoppedAt ?? now });
    return true;
  };

  const list = (now: Date): readonly ListedSubscription[] =>
    [...byType]
      .filter(([contentType]) => stateOf(contentType, now) === 'enabled')
      .map(([contentType, { webhook }]) => ({ contentType, webhook }));

  const misses = (contentType: FeedContentType, contentCreated: Date): boolean =>
    byType.get(contentType)?.pauses.some(({ from, to }) => from <= contentCreated && contentCreated < to) ??
    false;

  return { start, stop, stateOf, list, misses };
};

const started = (
  known: Subscription | undefined,
  webhook: Webhook | undefined,
  { now, resubscribeLagMs }: StartTime,
): Subscription => {
  if (known === undefined) return { webhook, stoppedAt: undefined, effectiveFrom: now, pauses: [] };
  if (known.stoppedAt === undefined) return { ...known, webhook };
  return {
    webhook,
    stoppedAt: undefined,
    effectiveFrom: new Date(now.getTime() + resubscribeLagMs),
    pauses: [...known.pauses, { from: known.stoppedAt, to: now }],
  };
};

const isSame = (left: Webhook | undefined, right: Webhook | undefined): boolean =>
  left?.address === right?.address &&
  left?.authId === right?.authId &&
  (left?.expiration ?? null) === (right?.expiration ?? null);

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
  /** After too many failures, until the next start. */
  readonly isDisabled: boolean;
}

/** What became of the notifications of a subscription. */
export interface WebhookTally {
  readonly delivered: number;
  /** In a row. */
  readonly failures: number;
}

export interface Subscriptions {
  /** Returns false when the subscription is already enabled and nothing changes. */
  start(contentType: FeedContentType, webhook: Webhook | undefined, at: StartTime): boolean;
  /** Returns false if there has never been a subscription. */
  stop(contentType: FeedContentType, now: Date): boolean;
  stateOf(contentType: FeedContentType, now: Date): SubscriptionState;
  /** The enabled subscriptions. */
  list(now: Date): readonly ListedSubscription[];
  /** Counts a notification; after so many failures in a row, the webhook is disabled. */
  settle(contentType: FeedContentType, succeeded: boolean, maxFailures: number): void;
  /** Removes a webhook, as the service sometimes does without a word. */
  dropWebhook(contentType: FeedContentType): void;
  tallyOf(contentType: FeedContentType): WebhookTally;
  /** Starts that the service took within 15 minutes of another one of the same subscription. */
  readonly earlyStarts: () => number;
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
  readonly startedAt: Date;
  readonly isDisabled: boolean;
  readonly tally: WebhookTally;
}

const startIntervalMs = 15 * 60_000;
const nothingSent: WebhookTally = { delivered: 0, failures: 0 };

export const createSubscriptions = (): Subscriptions => {
  const byType = new Map<FeedContentType, Subscription>();
  let earlyStarts = 0;

  const stateOf = (contentType: FeedContentType, now: Date): SubscriptionState => {
    const known = byType.get(contentType);
    if (known === undefined) return 'absent';
    return known.stoppedAt === undefined && known.effectiveFrom <= now ? 'enabled' : 'disabled';
  };

  const start: Subscriptions['start'] = (contentType, webhook, at) => {
    const known = byType.get(contentType);
    const isRunning = known !== undefined && known.stoppedAt === undefined;
    if (isRunning && !known.isDisabled && isSame(known.webhook, webhook)) return false;
    if (isRunning && at.now.getTime() - known.startedAt.getTime() < startIntervalMs) earlyStarts += 1;
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
      .map(([contentType, { webhook, isDisabled }]) => ({ contentType, webhook, isDisabled }));

  const change = (contentType: FeedContentType, changes: (known: Subscription) => Partial<Subscription>) => {
    const known = byType.get(contentType);
    if (known !== undefined) byType.set(contentType, { ...known, ...changes(known) });
  };

  const settle: Subscriptions['settle'] = (contentType, succeeded, maxFailures) => {
    change(contentType, ({ tally, isDisabled }) => {
      if (succeeded) return { tally: { delivered: tally.delivered + 1, failures: 0 } };
      const failures = tally.failures + 1;
      return { tally: { ...tally, failures }, isDisabled: isDisabled || failures >= maxFailures };
    });
  };

  const dropWebhook = (contentType: FeedContentType): void => {
    change(contentType, () => ({ webhook: undefined }));
  };

  const tallyOf = (contentType: FeedContentType): WebhookTally =>
    byType.get(contentType)?.tally ?? nothingSent;

  const misses = (contentType: FeedContentType, contentCreated: Date): boolean =>
    byType.get(contentType)?.pauses.some(({ from, to }) => from <= contentCreated && contentCreated < to) ??
    false;

  return {
    ...{ start, stop, stateOf, list, misses, settle, dropWebhook, tallyOf },
    earlyStarts: () => earlyStarts,
  };
};

const started = (
  known: Subscription | undefined,
  webhook: Webhook | undefined,
  { now, resubscribeLagMs }: StartTime,
): Subscription => {
  const fresh = { webhook, startedAt: now, isDisabled: false, stoppedAt: undefined };
  if (known === undefined) return { ...fresh, effectiveFrom: now, pauses: [], tally: nothingSent };
  const tally = { ...known.tally, failures: 0 };
  if (known.stoppedAt === undefined) return { ...known, ...fresh, tally };
  return {
    ...{ ...fresh, tally },
    effectiveFrom: new Date(now.getTime() + resubscribeLagMs),
    pauses: [...known.pauses, { from: known.stoppedAt, to: now }],
  };
};

const isSame = (left: Webhook | undefined, right: Webhook | undefined): boolean =>
  left?.address === right?.address &&
  left?.authId === right?.authId &&
  (left?.expiration ?? null) === (right?.expiration ?? null);

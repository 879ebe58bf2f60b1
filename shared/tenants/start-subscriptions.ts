/** Starts the subscriptions of a tenant that are not running. */
import type { ActivityFeed, StartedWebhook, Subscription } from '../activity/activity-feed.ts';
import type { ContentType } from '../activity/content-types.ts';
import type { Budget } from '../budget.ts';
import { onRefusal, type UpstreamError } from '../errors.ts';
import { isSignInRefusal } from './consent-refusal.ts';
import { findManagedTenant } from './managed.ts';
import type { SubscriptionState, Tenant, TenantStore } from './tenant.ts';

/** A feed that stops what it starts in a tenant whose removal began meanwhile: the removal may have stopped the others. */
export function feedOfManaged(feed: ActivityFeed, tenants: Pick<TenantStore, 'get'>): ActivityFeed {
  const stopIfRemoved: ActivityFeed['stopSubscription'] = async (tenant, ...rest) => {
    const isManaged = (await findManagedTenant(tenants, tenant.tenantId)) !== undefined;
    if (!isManaged) await feed.stopSubscription(tenant, ...rest);
  };
  return {
    ...feed,
    async startSubscription(...started) {
      const webhook = await feed.startSubscription(...started);
      await stopIfRemoved(...started);
      return webhook;
    },
    async renewWebhook(...renewed) {
      await feed.renewWebhook(...renewed);
      await stopIfRemoved(...renewed);
    },
  };
}

export interface StartSubscriptionsDeps {
  readonly feed: ActivityFeed;
  readonly now: () => Date;
  /** Of the calls to Microsoft. */
  readonly budget?: Budget | undefined;
}

interface StartResult {
  readonly contentType: ContentType;
  /** Absent: it runs. */
  readonly refusal: UpstreamError | undefined;
}

export interface StartedSubscriptions {
  /** One for each content type. */
  readonly results: readonly StartResult[];
  /**
   * What is known of each content type; a refused one holds the reason. An error that may pass says nothing, so what was known
   * before stays, or nothing is.
   */
  readonly subscriptions: readonly SubscriptionState[];
  /** Of those that were running before; undefined when they could not be listed. */
  readonly listed: readonly Subscription[] | undefined;
  /** Of those that were started now. */
  readonly webhooks: readonly StartedWebhook[];
}

/** @throws an error other than an UpstreamError */
export async function startSubscriptions(
  { feed, now, budget }: StartSubscriptionsDeps,
  tenant: Pick<Tenant, 'tenantId' | 'cloud' | 'contentTypes' | 'subscriptions'>,
): Promise<StartedSubscriptions> {
  // When listing is refused, starting the subscriptions reports the reason for each content type.
  const listed = await feed.listSubscriptions(tenant, budget).catch(onRefusal(() => undefined));
  const webhooks: StartedWebhook[] = [];
  const running = new Set(listed?.filter(({ enabled }) => enabled).map(({ contentType }) => contentType));
  const start = async (contentType: ContentType): Promise<undefined> => {
    // Microsoft requires 15 minutes between start requests, so running subscriptions are not started again.
    if (!running.has(contentType)) webhooks.push(await feed.startSubscription(tenant, contentType, budget));
  };
  const results = await Promise.all(
    tenant.contentTypes.map(async (contentType) => {
      const refusal = await start(contentType).catch(onRefusal((error) => error));
      return { contentType, refusal };
    }),
  );
  const subscriptions = results.flatMap((result) => statesAfter(tenant, result, now()));
  return { results, subscriptions, listed, webhooks };
}

function statesAfter(
  { subscriptions }: Pick<Tenant, 'subscriptions'>,
  { contentType, refusal }: StartResult,
  now: Date,
): readonly SubscriptionState[] {
  if (refusal === undefined) return [runningSubscription(contentType, now)];
  if (!refusal.isTransient || isSignInRefusal(refusal.code))
    return [refusedSubscription(contentType, refusal, now)];
  return subscriptions.filter((one) => one.contentType === contentType);
}

/** @param now when that was found */
export function runningSubscription(contentType: ContentType, now: Date): SubscriptionState {
  return { contentType, enabled: true, checkedDateTime: now.toISOString() };
}

/** @param now when it was refused */
export function refusedSubscription(
  contentType: ContentType,
  { code, message }: Pick<UpstreamError, 'code' | 'message'>,
  now: Date,
): SubscriptionState {
  const reason = { errorCode: code, errorMessage: message };
  return { contentType, enabled: false, ...reason, checkedDateTime: now.toISOString() };
}

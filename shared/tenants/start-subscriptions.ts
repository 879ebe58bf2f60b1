/** Starts the subscriptions of a tenant that are not running. */
import type { ActivityFeed } from '../activity/activity-feed.ts';
import type { ContentType } from '../activity/content-types.ts';
import type { Budget } from '../budget.ts';
import { onRefusal, type UpstreamError } from '../errors.ts';
import { findManagedTenant } from './managed.ts';
import type { SubscriptionState, Tenant, TenantStore } from './tenant.ts';

/** A feed that stops what it starts in a tenant whose removal began meanwhile: the removal may have stopped the others. */
export function feedOfManaged(feed: ActivityFeed, tenants: Pick<TenantStore, 'get'>): ActivityFeed {
  return {
    ...feed,
    async startSubscription(tenant, ...rest) {
      await feed.startSubscription(tenant, ...rest);
      const isManaged = (await findManagedTenant(tenants, tenant.tenantId)) !== undefined;
      if (!isManaged) await feed.stopSubscription(tenant, ...rest);
    },
  };
}

export interface StartSubscriptionsDeps {
  readonly feed: ActivityFeed;
  readonly now: () => Date;
  /** Of the calls to Microsoft. */
  readonly budget?: Budget | undefined;
}

/**
 * One state for each content type; a refused one holds the reason.
 * @throws an error other than an UpstreamError
 */
export async function startSubscriptions(
  { feed, now, budget }: StartSubscriptionsDeps,
  tenant: Pick<Tenant, 'tenantId' | 'cloud' | 'contentTypes'>,
): Promise<readonly SubscriptionState[]> {
  // When listing is refused, starting the subscriptions reports the reason for each content type.
  const listed = await feed.listSubscriptions(tenant, budget).catch(onRefusal(() => []));
  const running = new Set(listed.filter(({ enabled }) => enabled).map(({ contentType }) => contentType));
  const start = async (contentType: ContentType): Promise<SubscriptionState> => {
    // Microsoft requires 15 minutes between start requests, so running subscriptions are not started again.
    if (!running.has(contentType)) await feed.startSubscription(tenant, contentType, budget);
    return runningSubscription(contentType, now());
  };
  const refused = (contentType: ContentType) =>
    onRefusal((error) => refusedSubscription(contentType, error, now()));
  return await Promise.all(tenant.contentTypes.map((type) => start(type).catch(refused(type))));
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

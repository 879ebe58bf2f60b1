/** Starts the subscriptions of a tenant that are not running. */
import type { ActivityFeed } from '../activity/activity-feed.ts';
import type { ContentType } from '../activity/content-types.ts';
import type { Budget } from '../budget.ts';
import { onRefusal } from '../errors.ts';
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

/**
 * One state for each content type; a refused one holds the reason.
 * @throws an error other than an UpstreamError
 */
export async function startSubscriptions(
  feed: ActivityFeed,
  tenant: Pick<Tenant, 'tenantId' | 'cloud' | 'contentTypes'>,
  budget?: Budget,
): Promise<readonly SubscriptionState[]> {
  // When listing is refused, starting the subscriptions reports the reason for each content type.
  const listed = await feed.listSubscriptions(tenant, budget).catch(onRefusal(() => []));
  const running = new Set(listed.filter(({ enabled }) => enabled).map(({ contentType }) => contentType));
  const start = async (contentType: ContentType): Promise<SubscriptionState> => {
    // Microsoft requires 15 minutes between start requests, so running subscriptions are not started again.
    if (!running.has(contentType)) await feed.startSubscription(tenant, contentType, budget);
    return { contentType, enabled: true };
  };
  const refused = (contentType: ContentType) =>
    onRefusal(({ code: errorCode, message: errorMessage }) => ({
      contentType,
      enabled: false,
      errorCode,
      errorMessage,
    }));
  return await Promise.all(tenant.contentTypes.map((type) => start(type).catch(refused(type))));
}

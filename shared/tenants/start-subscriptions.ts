/** Starts the subscriptions of a tenant that are not running. */
import type { ActivityFeed, TenantRef } from '../activity/activity-feed.ts';
import type { ContentType } from '../activity/content-types.ts';
import { onRefusal } from '../errors.ts';
import type { SubscriptionState } from './tenant.ts';

/**
 * One state for each content type; a refused one holds the reason.
 * @throws an error other than an UpstreamError
 */
export async function startSubscriptions(
  feed: ActivityFeed,
  tenant: TenantRef,
  types: readonly ContentType[],
): Promise<readonly SubscriptionState[]> {
  const running = await runningSubscriptions(feed, tenant);
  // Microsoft requires 15 minutes between start requests, so running subscriptions are not started again.
  const ensure = async (contentType: ContentType): Promise<SubscriptionState> =>
    running.has(contentType)
      ? { contentType, enabled: true }
      : await startSubscription(feed, tenant, contentType);
  return await Promise.all(types.map(ensure));
}

async function runningSubscriptions(feed: ActivityFeed, tenant: TenantRef): Promise<ReadonlySet<string>> {
  // When listing is refused, starting the subscriptions reports the reason for each content type.
  const subscriptions = await feed.listSubscriptions(tenant).catch(onRefusal(() => []));
  return new Set(subscriptions.filter(({ enabled }) => enabled).map(({ contentType }) => contentType));
}

async function startSubscription(
  feed: ActivityFeed,
  tenant: TenantRef,
  contentType: ContentType,
): Promise<SubscriptionState> {
  return await feed.startSubscription(tenant, contentType).then(
    () => ({ contentType, enabled: true }),
    onRefusal(({ code, message }) => ({
      contentType,
      enabled: false,
      errorCode: code,
      errorMessage: message,
    })),
  );
}

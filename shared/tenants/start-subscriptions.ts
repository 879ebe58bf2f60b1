/** Starts the subscriptions of a tenant that are not running. */
import type { ActivityFeed, TenantRef } from '../activity/activity-feed.ts';
import type { ContentType } from '../activity/content-types.ts';
import { UpstreamError } from '../errors.ts';
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
  try {
    const subscriptions = await feed.listSubscriptions(tenant);
    return new Set(subscriptions.filter(({ enabled }) => enabled).map(({ contentType }) => contentType));
  } catch (error) {
    // Starting the subscriptions reports the reason for each content type.
    if (error instanceof UpstreamError) return new Set();
    throw error;
  }
}

async function startSubscription(
  feed: ActivityFeed,
  tenant: TenantRef,
  contentType: ContentType,
): Promise<SubscriptionState> {
  try {
    await feed.startSubscription(tenant, contentType);
    return { contentType, enabled: true };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return { contentType, enabled: false, errorCode: error.code, errorMessage: error.message };
  }
}

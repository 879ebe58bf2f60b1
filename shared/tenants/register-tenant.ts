/** Takes a tenant into care: remembers it, starts its subscriptions, asks for its first poll. */
import { z } from 'zod';
import type { ActivityFeed, TenantRef } from '../activity/activity-feed.ts';
import { cloudSchema } from '../activity/clouds.ts';
import { contentTypeSchema, defaultContentTypes, type ContentType } from '../activity/content-types.ts';
import { UpstreamError } from '../errors.ts';
import type { WorkQueues } from '../landing/landing.ts';
import type { Telemetry } from '../telemetry.ts';
import { recordRoleHolders, type RoleHolderDeps } from './role-holders.ts';
import { tenantIdSchema, type SubscriptionState, type Tenant, type TenantStore } from './tenant.ts';

/** Body of `POST /tenants`. */
export const tenantRegistrationSchema = z.strictObject({
  tenantId: tenantIdSchema,
  displayName: z.string().trim().min(1).max(256),
  cloud: cloudSchema.default('enterprise'),
  contentTypes: z
    .array(contentTypeSchema)
    .min(1)
    .default([...defaultContentTypes])
    .transform((types) => [...new Set(types)]),
  /** Auditing that somebody switched off is switched on again without asking. */
  repairDrift: z.boolean().default(false),
});
export type TenantRegistration = z.infer<typeof tenantRegistrationSchema>;

export interface RegisterDeps extends RoleHolderDeps {
  readonly tenants: TenantStore;
  readonly feed: ActivityFeed;
  readonly queues: WorkQueues;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

/**
 * Registering again changes name and content types and tries again what failed. What Microsoft refuses does
 * not undo the registration: it is kept on the tenant, and polls go on trying.
 * @returns the tenant, and whether it is new
 * @throws when storage fails
 */
export async function registerTenant(
  deps: RegisterDeps,
  registration: TenantRegistration,
): Promise<{ tenant: Tenant; created: boolean }> {
  const { tenantId, cloud, displayName, contentTypes, repairDrift } = registration;
  const now = deps.now();
  const before = await deps.tenants.get(tenantId);
  const subscriptions = await startSubscriptions(deps.feed, { tenantId, cloud }, contentTypes);
  const poll = before?.poll ?? { nextPollAt: now, quietPolls: 0 };
  const createdDateTime = before?.createdDateTime ?? now;
  const tenant: Tenant = {
    ...{ tenantId, cloud, displayName, contentTypes, repairDrift },
    ...{ createdDateTime, subscriptions, poll },
  };
  const created = await deps.tenants.create(tenant);
  if (!created)
    await deps.tenants.update(tenantId, { displayName, cloud, contentTypes, subscriptions, repairDrift });
  await recordRoleHolders(deps, tenant);
  await deps.queues.requestPoll({ version: 1, tenantId, reason: 'registered' });
  reportRegistration(deps, tenant);
  return { tenant, created };
}

async function startSubscriptions(
  feed: ActivityFeed,
  tenant: TenantRef,
  types: readonly ContentType[],
): Promise<readonly SubscriptionState[]> {
  const running = await runningSubscriptions(feed, tenant);
  // Microsoft wants 15 minutes between start requests, so what runs is left alone.
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
    // Starting them tells the reason for each content type.
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

function reportRegistration({ telemetry }: RegisterDeps, { tenantId, subscriptions }: Tenant): void {
  telemetry('tenants.tenant.registered', { tenantId, contentTypes: subscriptions.length });
  for (const { contentType, enabled, errorCode } of subscriptions) {
    const event = enabled ? 'activity.subscription.started' : 'activity.subscription.failed';
    telemetry(event, { tenantId, contentType, code: errorCode });
  }
}

/** A tenant as answers show it. */
import type { Tenant } from './tenant.ts';

export function publicTenant({ createdDateTime, poll, ...tenant }: Tenant) {
  const { tenantId, displayName, cloud, contentTypes, subscriptions } = tenant;
  return {
    ...{ tenantId, displayName, cloud, contentTypes, subscriptions },
    repairDrift: tenant.repairDrift ?? false,
    createdDateTime: createdDateTime.toISOString(),
    lastPollDateTime: poll.lastPollAt?.toISOString(),
    nextPollDateTime: poll.nextPollAt.toISOString(),
    lastError: poll.lastError,
  };
}

/** A tenant as answers show it. */
import type { ConsentLink } from './consent.ts';
import type { Tenant } from './tenant.ts';

export function publicTenant({ createdDateTime, poll, ...tenant }: Tenant) {
  const { tenantId, displayName, domain, cloud, state, checks, contentTypes, subscriptions } = tenant;
  return {
    tenantId,
    displayName,
    domain,
    cloud,
    state,
    checks,
    contentTypes,
    subscriptions,
    repairDrift: tenant.repairDrift ?? false,
    createdDateTime: createdDateTime.toISOString(),
    lastPollDateTime: poll.lastPollAt?.toISOString(),
    nextPollDateTime: poll.nextPollAt.toISOString(),
    lastError: poll.lastError,
  };
}

export function publicConsentLink({ url, expiresAt }: ConsentLink) {
  return { url, expiresDateTime: expiresAt.toISOString() };
}

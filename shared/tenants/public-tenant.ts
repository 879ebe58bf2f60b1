/** A tenant as answers show it. */
import type { ConsentLink } from './consent.ts';
import { checksOf, subscriptionsOf } from './tenant-checks.ts';
import type { PollState, Tenant } from './tenant.ts';

export function publicTenant(tenant: Tenant) {
  const {
    tenantId,
    displayName,
    domain,
    domains,
    domainsReadDateTime,
    cloud,
    state,
    contentTypes,
    createdDateTime,
    poll,
  } = tenant;
  return {
    tenantId,
    displayName,
    domain,
    domains,
    domainsReadDateTime,
    cloud,
    state,
    checks: checksOf(tenant),
    contentTypes,
    subscriptions: subscriptionsOf(tenant),
    repairDrift: tenant.repairDrift ?? false,
    createdDateTime: createdDateTime.toISOString(),
    ...publicPoll(poll),
  };
}

/** When it was and is polled, and why the last poll failed. */
export function publicPoll({ lastPollAt, nextPollAt, lastError }: PollState) {
  return {
    lastPollDateTime: lastPollAt?.toISOString(),
    nextPollDateTime: nextPollAt.toISOString(),
    lastError,
  };
}

export function publicConsentLink({ url, expiresAt }: ConsentLink) {
  return { url, expiresDateTime: expiresAt.toISOString() };
}

/** A tenant as answers show it. */
import { activityErrorCures } from '../activity/activity-errors.ts';
import type { ConsentLink } from './consent.ts';
import { checksOf, subscriptionsOf } from './tenant-checks.ts';
import { differencesFrom, type Policy } from './policy.ts';
import type { PollState, StoredTenant, Tenant } from './tenant.ts';

/** @param policy see `policyShownTo` */
export function publicTenant(tenant: Tenant & Pick<StoredTenant, 'removalId'>, policy: Policy | undefined) {
  const {
    tenantId,
    displayName,
    domain,
    domains,
    domainsReadDateTime,
    tags,
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
    tags: tags ?? [],
    cloud,
    state,
    // Of a removal that was called back, the row keeps the ID.
    removalId: state === 'Removing' ? tenant.removalId : undefined,
    checks: checksOf(tenant),
    contentTypes,
    subscriptions: subscriptionsOf(tenant),
    repairDrift: tenant.repairDrift ?? false,
    retention: tenant.retention,
    differsFromPolicy: policy && differencesFrom(policy, tenant),
    policyEnablementId: policy && tenant.policyEnablement?.id,
    retainedFromDateTime: tenant.retained?.from.toISOString(),
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
    lastErrorCure: lastError === undefined ? undefined : cureOf(codeOf(lastError)),
    throttled: lastError !== undefined && codeOf(lastError) === throttledCode,
  };
}

const throttledCode = 'AF429';

/** Of a failure as it is stored: the code comes first. */
function codeOf(failure: string): string {
  return failure.split(':', 1)[0] ?? failure;
}

function cureOf(code: string): string {
  return (
    activityErrorCures[code] ??
    'Auditkeep retries automatically. If the problem persists: See docs/errors.md for the code.'
  );
}

export function publicConsentLink({ url, expiresAt }: ConsentLink) {
  return { url, expiresDateTime: expiresAt.toISOString() };
}

/** An onboarding as answers show it. */
import { publicError, publicHistory, publicIdentity } from '../operations/public-operation.ts';
import type { Onboarding, RowResult } from './onboarding.ts';

/** Without its rows. */
export function onboardingSummary(one: Onboarding) {
  const done = one.state.results.filter((result) => result !== null);
  const { id, status } = publicIdentity(one);
  const count = (outcome: RowResult['outcome']) => done.filter((each) => each.outcome === outcome).length;
  return {
    id,
    status,
    consent: one.request.consent,
    dryRun: one.request.dryRun,
    tenantCount: one.request.tenants.length,
    doneCount: done.length,
    registeredCount: count('Registered'),
    alreadyRegisteredCount: count('AlreadyRegistered'),
    consentRefusedCount: count('ConsentRefused'),
    refusedCount: count('Refused'),
    ...publicHistory(one),
    ...publicError(one),
  };
}

export function publicOnboarding(one: Onboarding) {
  const tenants = one.request.tenants.map(({ domain, displayName, tenantId: wanted }, at) => {
    const { outcome = 'NotStarted' as const, tenantId = wanted, ...rest } = one.state.results[at] ?? {};
    return { row: at + 1, status: outcome, domain, displayName, tenantId, ...rest };
  });
  return { ...onboardingSummary(one), tenants };
}

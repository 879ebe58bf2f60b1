/** An onboarding as answers show it. */
import { publicError, publicHistory, publicIdentity } from '../operations/public-operation.ts';
import type { Onboarding, RowResult } from './onboarding.ts';

export function publicOnboarding(one: Onboarding) {
  const results = one.state.results.map((result) => result ?? undefined);
  const done = results.filter((result) => result !== undefined);
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
    tenants: one.request.tenants.map(({ domain, displayName, tenantId: wanted }, at) => {
      const { outcome = 'NotStarted' as const, tenantId = wanted, ...rest } = results[at] ?? {};
      return { row: at + 1, status: outcome, domain, displayName, tenantId, ...rest };
    }),
    ...publicHistory(one),
    ...publicError(one),
  };
}

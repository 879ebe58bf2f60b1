/** Tenants, their checks and their posture as tables and sentences. */
import type { Posture, Tenant } from './answers.ts';
import { drawTable } from './terminal-text.ts';

type TenantCheck = Tenant['checks'][number];

/** E.g. `Fabrikam (a3c5e7f9-…)`. */
export function nameOf({ displayName, tenantId }: Pick<Tenant, 'displayName' | 'tenantId'>): string {
  return displayName === tenantId ? tenantId : `${displayName} (${tenantId})`;
}

export function failedChecks({ checks }: Pick<Tenant, 'checks'>): readonly TenantCheck[] {
  return checks.filter(({ state }) => state === 'Failed');
}

/** Consent asks for every permission anew. */
export function needsConsent(tenant: Pick<Tenant, 'checks'>): boolean {
  return failedChecks(tenant).some(({ name }) => name === 'consent' || name.startsWith('permission:'));
}

export function drawChecks(checks: readonly TenantCheck[]): string {
  const rows = checks.map(({ name, state, message, cure }) => [
    ...[name, state],
    [message, cure].flatMap((text) => (text === null || text === undefined || text === '' ? [] : [text])),
  ]);
  return drawTable(['Check', 'State', 'What it means, what to do'], rows);
}

/** What is wrong, and what of it is so since the last look only. */
export function drawProblems({ takenAt, problems, drift }: Posture): string {
  if (problems.length === 0) return `Auditing is as it should be, as of ${toMinute(takenAt)}.`;
  const rows = problems.map((problem) => [problem, drift.includes(problem) ? 'yes' : '']);
  return `How auditing stands, as of ${toMinute(takenAt)}:\n${drawTable(['Problem', 'New'], rows)}`;
}

export function drawTenants(tenants: readonly Tenant[]): string {
  if (tenants.length === 0) return 'There are no tenants yet: npm run tenant -- add takes one into care.';
  const rows = tenants.map((tenant) => [
    ...[tenant.displayName, tenant.tenantId, tenant.domain ?? '', tenant.state],
    failedChecks(tenant).map(({ name }) => name),
    toMinute(tenant.lastPollDateTime ?? ''),
  ]);
  return drawTable(['Name', 'Tenant', 'Domain', 'State', 'Failed checks', 'Last poll'], rows);
}

/** How an administrator consents; the address stands alone, to be copied. */
export function describeConsent(url: string, expires: string | null | undefined): string {
  const until = expires === null || expires === undefined ? '' : ` until ${toMinute(expires)}`;
  return `An administrator of the tenant has to open this address${until}, and consent:\n\n${url}`;
}

/** E.g. `2026-03-01 04:23 UTC`; what is no moment stays as it is. */
export function toMinute(moment: string): string {
  const at = Date.parse(moment);
  return Number.isNaN(at) ? moment : `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Tenants, their checks and their posture as tables and sentences. */
import { drawTable } from '../command-line/terminal-text.ts';
import type { Posture, Tenant } from './api.ts';

type TenantCheck = Tenant['checks'][number];

/** E.g. `Fabrikam (a3c5e7f9-…)`. */
export function nameOf({ displayName, tenantId }: Pick<Tenant, 'displayName' | 'tenantId'>): string {
  return displayName === tenantId ? tenantId : `${displayName} (${tenantId})`;
}

export function failedChecks({ checks }: Pick<Tenant, 'checks'>): readonly TenantCheck[] {
  return checks.filter(({ state }) => state === 'Failed');
}

/** Consenting again also grants permissions that are missing. */
export function needsConsent(tenant: Pick<Tenant, 'checks'>): boolean {
  return failedChecks(tenant).some(({ name }) => name === 'consent' || name.startsWith('permission:'));
}

export function drawChecks(checks: readonly TenantCheck[]): string {
  const rows = checks.map(({ name, state, message = '', cure = '' }) => [
    name,
    state,
    [message, cure].filter((text) => text !== ''),
  ]);
  return drawTable(['Check', 'State', 'What it means, what to do'], rows);
}

/** The problems, and which of them are new since the check before. */
export function drawProblems({ checkedDateTime, problems, drift }: Posture): string {
  if (problems.length === 0) return `Auditing has no problems, as of ${toMinute(checkedDateTime)}.`;
  const rows = problems.map((problem) => [problem, drift.includes(problem) ? 'yes' : '']);
  return `Problems with auditing, as of ${toMinute(checkedDateTime)}:\n${drawTable(['Problem', 'New'], rows)}`;
}

export function drawTenants(tenants: readonly Tenant[]): string {
  if (tenants.length === 0) return 'There are no tenants yet: npm run tenant -- add onboards one.';
  const rows = tenants.map((tenant) => [
    tenant.displayName,
    tenant.tenantId,
    tenant.domain ?? '',
    (tenant.tags ?? []).join(' '),
    tenant.state,
    failedChecks(tenant).map(({ name }) => name),
    toMinute(tenant.lastPollDateTime ?? ''),
  ]);
  return drawTable(['Name', 'Tenant', 'Domain', 'Tags', 'State', 'Failed checks', 'Last poll'], rows);
}

/** How an administrator consents; the address has a line of its own, to be copied. */
export function describeConsent(url: string, expires: string | undefined): string {
  const until = expires === undefined ? '' : ` until ${toMinute(expires)}`;
  return `An administrator of the tenant must open this address${until}, and consent:\n\n${url}`;
}

/** E.g. `2026-03-01 04:23 UTC`; a text that is not a time is returned as it is. */
export function toMinute(moment: string): string {
  const at = Date.parse(moment);
  return Number.isNaN(at) ? moment : `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** What a removal would do, and what it has done, in sentences. */
import { usualPurgeDelayHours } from '../../shared/offboarding/removal.ts';
import type { LegalHold, Removal, Tenant } from './api.ts';
import { nameOf } from './describe-tenant.ts';

/** What is known of a tenant before it is removed; without `tenant`, it is not registered. */
export interface Known {
  readonly tenantId: string;
  readonly tenant?: Tenant;
  readonly legalHold: HoldInForce | undefined;
}

type HoldInForce = Pick<LegalHold, 'placedDateTime' | 'placedBy' | 'reason'>;

/** Everything that speaks for or against it, and how to do it. */
export function describeIntent({ tenantId, tenant, legalHold }: Known, purge: boolean): string {
  if (tenant === undefined && !purge) return describeNothingToRemove(tenantId);
  const data = purge
    ? 'permanently delete all of its records and settings'
    : 'keep what was collected (--purge deletes it permanently)';
  return [
    tenant === undefined
      ? `This would permanently delete everything that was kept of ${tenantId}, which is not a managed tenant.`
      : `This would stop collecting from ${nameOf(tenant)} and ${data}.`,
    purge && delay,
    purge && legalHold && describeHold(legalHold, tenantId),
    tenant?.removal && describeRunning(tenant.removal),
    'Nothing was done: add --yes to do it.',
  ]
    .filter(Boolean)
    .join('\n');
}

// The API does not say what the deployment has set until a purge is requested.
const delay =
  `The deletion begins ${usualPurgeDelayHours} hours after the request, or after AUDITKEEP_PURGE_DELAY_HOURS of the deployment; ` +
  'until then, npm run tenant -- cancel-removal calls it back.';

function describeHold(
  { placedDateTime = '', placedBy = '', reason = '' }: HoldInForce,
  tenantId: string,
): string {
  return (
    `The tenant is under legal hold since ${placedDateTime} by ${placedBy} (${reason}): a purge is refused until ` +
    `npm run tenant -- lift-hold ${tenantId} lifts it.`
  );
}

function describeRunning({ id, ...removal }: Tenant['removal'] & {}): string {
  const { purge, status, createdBy, createdDateTime, effectiveDateTime } = removal;
  const begins = effectiveDateTime === undefined ? '' : `, which begins at ${effectiveDateTime}`;
  return (
    `It is being removed already: ${createdBy} requested ${purge ? 'a purge' : 'it'} at ${createdDateTime}${begins} ` +
    `(${status}). npm run tenant -- cancel-removal ${id} calls that back.`
  );
}

/** Of a tenant that is not registered. */
export function describeNothingToRemove(tenantId: string): string {
  return `${tenantId} is not a managed tenant: nothing to remove.\n${describeKept(tenantId)}`;
}

/** How to reach what a removal without a purge has kept. */
export function describeKept(tenantId: string): string {
  return (
    `What is kept can be read after npm run tenant -- add ${tenantId} registers it again; ` +
    `npm run tenant -- remove ${tenantId} --purge deletes it. No retention does until then.`
  );
}

/** Of a purge that begins later. */
export function describeDelayed({ tenantId, id, effectiveDateTime = '' }: Removal): string {
  return (
    `${tenantId} is not collected anymore; all of its data will be deleted from ${effectiveDateTime}.\n` +
    `Until then, npm run tenant -- cancel-removal ${id} calls that back.`
  );
}

/** Includes what went wrong along the way, even where the removal succeeded. */
export function describeEnd({ tenantId, status, purge, ...removal }: Removal): string {
  const isDone = status === 'Succeeded';
  const data = purge ? `its data is deleted${countsOf(removal.deleted)}` : 'its data is kept';
  const end = isDone ? `is removed; ${data}` : `could not be removed: ${status}`;
  const reason = [removal.errorCode, removal.errorMessage].filter(Boolean).join(': ');
  const kept = isDone && !purge && describeKept(tenantId);
  return [`${tenantId} ${end}.`, kept, reason].filter(Boolean).join('\n');
}

/** E.g. ` (12 blobs, 340 rows)`; empty for nothing. */
export function countsOf(deleted: Removal['deleted']): string {
  const counts = Object.entries(deleted).filter(([, count]) => count > 0);
  return counts.length === 0 ? '' : ` (${counts.map(([what, count]) => `${count} ${what}`).join(', ')})`;
}

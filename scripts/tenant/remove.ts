/** `remove`: offboards a tenant, and deletes its data only on request. */
import { onChange, type Outcome } from '../command-line/context.ts';
import type { Operation, Read, Removal, Tenant, Session } from './api.ts';
import { nameOf } from './describe-tenant.ts';
import { findTenantId } from './find-tenant.ts';
import { follow } from './follow.ts';

interface RemoveOptions {
  /** Deletes the tenant's data. */
  readonly purge?: boolean;
  /** Without it nothing is done. */
  readonly yes?: boolean;
}

/** @throws Failure */
export async function remove(
  session: Session,
  named: string,
  { purge = false, yes = false }: RemoveOptions,
): Promise<Outcome> {
  const { api, notify } = session;
  const tenantId = await findTenantId(api, named);
  if (!yes) {
    const { value, body } = await api.getTenant(tenantId);
    return { exitCode: 2, answer: body, text: describeIntent(value, purge) };
  }
  const operation = await api.removeTenant(tenantId, purge);
  if (operation === undefined) {
    return { exitCode: 0, answer: null, text: `${tenantId} is not a managed tenant: nothing to remove.` };
  }
  if (purge) notify('Deleting can take half an hour, and continues without this command');
  const { value, body } = await followRemoval(session, operation);
  const isDone = value.status === 'Succeeded' || isDelayed(session, value);
  return { exitCode: isDone ? 0 : 1, answer: body, text: describeEnd(session, value) };
}

/** What was deleted before stays deleted. @throws Failure */
export async function cancelRemoval({ api }: Session, removalId: string): Promise<Outcome> {
  const { value, body } = await api.cancelRemoval(removalId);
  const wasEarlier = value.status === 'Succeeded' || value.status === 'Failed';
  const text = wasEarlier
    ? `The removal of ${value.tenantId} has ended before: ${value.status}.`
    : `The removal of ${value.tenantId} is called back${countsOf(value.deleted)}. The tenant is collected again.`;
  return { exitCode: wasEarlier ? 1 : 0, answer: body, text };
}

function isUnfinished({ status }: Removal): boolean {
  return status === 'NotStarted' || status === 'Running';
}

/** Waiting for days is left to the deployment. */
function isDelayed({ now }: Pick<Session, 'now'>, removal: Removal): boolean {
  const { effectiveDateTime } = removal;
  return isUnfinished(removal) && effectiveDateTime !== undefined && new Date(effectiveDateTime) > now();
}

function followRemoval(session: Session, { path, retryAfterMs: waitMs }: Operation): Promise<Read<Removal>> {
  const showChange = onChange(session.progress);
  return follow(session, {
    read: () => session.api.getRemoval(path),
    isFinished: (removal) => !isUnfinished(removal) || isDelayed(session, removal),
    onRead: ({ status, deleted, errorMessage }) => {
      showChange(`${status}${countsOf(deleted)}${errorMessage ? `; ${errorMessage}` : ''}`);
    },
    waitMs,
  });
}

function describeIntent(tenant: Tenant, purge: boolean): string {
  const data = purge
    ? 'permanently delete all of its records and settings'
    : 'keep what was collected (--purge deletes it permanently)';
  return `This would stop collecting from ${nameOf(tenant)} and ${data}. Nothing was done: add --yes to do it.`;
}

/** Includes what went wrong along the way, even where the removal succeeded. */
function describeEnd(session: Session, removal: Removal): string {
  const { tenantId, id, status, purge, deleted, errorCode, errorMessage } = removal;
  if (isDelayed(session, removal)) {
    return (
      `${tenantId} is not collected anymore; all of its data will be deleted from ${removal.effectiveDateTime ?? ''}.\n` +
      `Until then, npm run tenant -- cancel-removal ${id} calls that back.`
    );
  }
  const data = purge ? `its data is deleted${countsOf(deleted)}` : 'its data is kept';
  const end = status === 'Succeeded' ? `is removed; ${data}` : `could not be removed: ${status}`;
  const reason = [errorCode, errorMessage].filter(Boolean).join(': ');
  return [`${tenantId} ${end}.`, reason].filter(Boolean).join('\n');
}

function countsOf(deleted: Removal['deleted']): string {
  const counts = Object.entries(deleted).filter(([, count]) => count > 0);
  return counts.length === 0 ? '' : ` (${counts.map(([what, count]) => `${count} ${what}`).join(', ')})`;
}

/** `remove`: ends the care of a tenant, and deletes its data only where that is asked for. */
import type { Removal, Tenant } from '../answers.ts';
import type { Operation, Read } from '../api.ts';
import type { RemoveCommand } from '../arguments.ts';
import { nameOf } from '../describe-tenant.ts';
import { findTenantId } from '../find-tenant.ts';
import { follow, sayChanges } from '../follow.ts';
import type { Outcome, Session } from '../session.ts';

/** @throws Failure */
export async function remove(session: Session, command: RemoveCommand): Promise<Outcome> {
  const { api, say } = session;
  const tenantId = await findTenantId(api, command.tenant);
  if (!command.yes) {
    const { value, body } = await api.getTenant(tenantId);
    return { exitCode: 2, answer: body, text: describeIntent(value, command.purge) };
  }
  const operation = await api.removeTenant(tenantId, command.purge);
  if (operation === undefined) {
    return { exitCode: 0, answer: null, text: `${tenantId} is not in care, or not any more.` };
  }
  if (command.purge) say('Deleting can take half an hour, and goes on without this command');
  const { value, body } = await followRemoval(session, operation);
  return { exitCode: value.status === 'Succeeded' ? 0 : 1, answer: body, text: describeEnd(value) };
}

function followRemoval(session: Session, { path, retryAfterMs: waitMs }: Operation): Promise<Read<Removal>> {
  const sayNew = sayChanges(session.say);
  return follow(session, {
    read: () => session.api.getRemoval(path),
    isFinished: ({ status }) => status !== 'NotStarted' && status !== 'Running',
    onSeen: (seen) => {
      sayNew(describeProgress(seen));
    },
    waitMs,
  });
}

function describeIntent(tenant: Tenant, purge: boolean): string {
  const data = purge
    ? 'delete every record and everything else that is kept of it, for good'
    : 'keep what was collected (--purge deletes it, for good)';
  return `This would stop collecting from ${nameOf(tenant)} and ${data}. Nothing was done: say --yes to do it.`;
}

function describeProgress({ status, deleted, errorMessage }: Removal): string {
  const reason = errorMessage ? `; ${errorMessage}` : '';
  return `${status}${countsOf(deleted)}${reason}`;
}

/** What went wrong on the way is told even where the removal went on all the same. */
function describeEnd({ tenantId, status, purge, deleted, errorCode, errorMessage }: Removal): string {
  const data = purge ? `its data is deleted${countsOf(deleted)}` : 'its data is kept';
  const end = status === 'Succeeded' ? `is removed; ${data}` : `could not be removed: ${status}`;
  const reason = [errorCode, errorMessage].filter((text) => text !== undefined && text !== null);
  return [`${tenantId} ${end}.`, ...(reason.length === 0 ? [] : [reason.join(': ')])].join('\n');
}

function countsOf(deleted: Removal['deleted']): string {
  const counts = Object.entries(deleted).filter(([, count]) => count > 0);
  return counts.length === 0 ? '' : ` (${counts.map(([what, count]) => `${count} ${what}`).join(', ')})`;
}

/** `remove`: offboards a tenant, and deletes its data only on request. */
import { onChange, type Outcome } from '../command-line/context.ts';
import { HttpFailure } from '../command-line/http.ts';
import type { Operation, Read, Removal, Session } from './api.ts';
import {
  countsOf,
  describeDelayed,
  describeEnd,
  describeIntent,
  describeNothingToRemove,
} from './describe-removal.ts';
import type { Known } from './describe-removal.ts';
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
    const { body, ...known } = await readKnown(session, tenantId);
    return { exitCode: 2, answer: body, text: describeIntent(known, purge) };
  }
  const operation = await api.removeTenant(tenantId, purge);
  if (operation === undefined) {
    return { exitCode: 0, answer: null, text: describeNothingToRemove(tenantId) };
  }
  if (purge) notify('Deleting can take half an hour, and continues without this command');
  const { value, body } = await followRemoval(session, operation);
  if (isDelayed(session, value)) return { exitCode: 0, answer: body, text: describeDelayed(value) };
  return { exitCode: value.status === 'Succeeded' ? 0 : 1, answer: body, text: describeEnd(value) };
}

/** With the answer that says it. Data may be left of a tenant that is not registered. @throws Failure */
async function readKnown({ api }: Session, tenantId: string): Promise<Known & { readonly body: unknown }> {
  try {
    const { value: tenant, body } = await api.getTenant(tenantId);
    return { tenantId, tenant, legalHold: tenant.legalHold, body };
  } catch (error) {
    if (!(error instanceof HttpFailure) || error.refusal.code !== 'TenantNotFound') throw error;
  }
  const { value, body } = await api.getLegalHold(tenantId);
  return { tenantId, legalHold: value.isHeld ? value : undefined, body };
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

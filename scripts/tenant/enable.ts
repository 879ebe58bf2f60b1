/** `enable`: enables auditing, shows progress, and the settings before and after. */
import type { Outcome } from '../command-line/context.ts';
import { UsageError } from '../command-line/failure.ts';
import type { EnablementRequest, Session } from './api.ts';
import { describeEnablement, describeProgress } from './describe-enablement.ts';
import { enableSet } from './enable-set.ts';
import { findTenantId } from './find-tenant.ts';
import { followEnablement } from './follow-enablement.ts';
import { namedSet } from './named-set.ts';

interface EnableOptions extends Pick<EnablementRequest, 'dryRun' | 'workloads' | 'lower' | 'removeBypasses'> {
  readonly mailbox?: string[];
  readonly filter?: string;
  readonly ageDays?: number;
  readonly adminActions?: string[];
  readonly delegateActions?: string[];
  readonly ownerActions?: string[];
}

/** @throws Failure */
export async function enable(session: Session, named: string, options: EnableOptions): Promise<Outcome> {
  const request = requestOf(options);
  const set = namedSet(named);
  if (set !== undefined) return await enableSet(session, set, request);
  return await enableTenant(session, await findTenantId(session.api, named), request);
}

/** What is not requested is left to the API's defaults. @throws UsageError */
function requestOf(options: EnableOptions): EnablementRequest {
  const { mailbox, filter, ageDays, adminActions: admin, delegateActions: delegate, ownerActions } = options;
  if (mailbox && filter !== undefined) throw new UsageError('--mailbox and --filter exclude each other');
  return {
    dryRun: options.dryRun,
    workloads: options.workloads,
    mailboxes: filter === undefined ? mailbox : { filter },
    auditLogAgeDays: ageDays,
    lower: options.lower,
    nonOwner: admin || delegate ? { admin, delegate } : undefined,
    owner: ownerActions,
    removeBypasses: options.removeBypasses,
  };
}

/** @throws HttpFailure */
export async function enableTenant(
  session: Session,
  tenantId: string,
  request: EnablementRequest,
): Promise<Outcome> {
  const operation = await session.api.startEnablement(tenantId, request);
  if (operation.wasRunning)
    session.notify('An enablement is already running in this tenant: following that one');
  const read = (path: string) => session.api.getEnablement(path);
  const { value, body } = await followEnablement(session, operation, { read, progressOf: describeProgress });
  const isOther = operation.wasRunning && value.dryRun !== (request.dryRun ?? false);
  const succeeded = value.status === 'Succeeded' && !isOther;
  const text = [describeEnablement(value), operation.wasRunning && noteOn(isOther)];
  return { exitCode: succeeded ? 0 : 1, answer: body, text: text.filter(Boolean).join('\n\n') };
}

function noteOn(isOther: boolean): string {
  return isOther
    ? 'This enablement was already running, and differs from the one that you requested: run the command again.'
    : 'This enablement was already running: run the command again if your options differ from it.';
}

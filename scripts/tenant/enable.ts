/** `enable`: enables auditing, shows progress, and the settings before and after. */
import { onChange, type Outcome } from '../command-line/context.ts';
import { UsageError } from '../command-line/failure.ts';
import type { Enablement, EnablementRequest, Operation, Read, Session } from './api.ts';
import { describeEnablement, describeProgress, isFinished } from './describe-enablement.ts';
import { findTenantId } from './find-tenant.ts';
import { follow } from './follow.ts';
import { HttpFailure } from '../command-line/http.ts';

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
  const { value, body } = await followEnablement(session, operation);
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

/** The first Ctrl-C requests cancellation; requests in flight then end before the status is Canceled. */
async function followEnablement(session: Session, operation: Operation): Promise<Read<Enablement>> {
  const { api, notify, progress } = session;
  const { path, retryAfterMs: waitMs } = operation;
  const interrupted = new AbortController();
  const stopListening = session.onInterrupt(() => {
    notify('Canceling; changes already made remain. Ctrl-C again leaves, and the enablement continues');
    interrupted.abort();
  });
  const cancelOnce = createCanceling(session, path);
  const showChange = onChange(progress);
  try {
    return await follow(session, {
      read: async () => {
        if (interrupted.signal.aborted) await cancelOnce();
        return await api.getEnablement(path);
      },
      isFinished,
      onRead: (seen) => {
        showChange(describeProgress(seen));
      },
      waitMs,
      wake: interrupted.signal,
    });
  } finally {
    stopListening();
  }
}

/** A refusal is shown, and does not end the command; a transient one is retried with the next read. */
function createCanceling({ api, notify }: Session, path: string): () => Promise<void> {
  let isRequested = false;
  return async () => {
    if (isRequested) return;
    isRequested = true;
    try {
      await api.cancelEnablement(path);
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      isRequested = !error.refusal.isTransient;
      notify(`The enablement could not be canceled: ${error.message}`);
    }
  };
}

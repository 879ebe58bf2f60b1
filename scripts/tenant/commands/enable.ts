/** `enable`: turns auditing on, shows how far it is, and what was and is. */
import type { Enablement } from '../answers.ts';
import type { EnablementRequest, Operation, Read } from '../api.ts';
import type { EnableCommand } from '../arguments.ts';
import { describeEnablement, describeProgress, isFinished } from '../describe-enablement.ts';
import { ApiFailure } from '../failure.ts';
import { findTenantId } from '../find-tenant.ts';
import { follow, sayChanges } from '../follow.ts';
import type { Outcome, Session } from '../session.ts';

/** @throws Failure */
export async function enable(session: Session, { tenant, request }: EnableCommand): Promise<Outcome> {
  return await enableTenant(session, await findTenantId(session.api, tenant), request);
}

/** @throws ApiFailure */
export async function enableTenant(
  session: Session,
  tenantId: string,
  request: EnablementRequest,
): Promise<Outcome> {
  const operation = await session.api.startEnablement(tenantId, request);
  if (operation.wasRunning)
    session.say('An enablement is running in this tenant already: following that one');
  const { value, body } = await followEnablement(session, operation);
  const wasOther = operation.wasRunning && value.dryRun !== (request.dryRun ?? false);
  const succeeded = value.status === 'Succeeded' && !wasOther;
  const notes = operation.wasRunning ? [noteOn(wasOther)] : [];
  return {
    exitCode: succeeded ? 0 : 1,
    answer: body,
    text: [describeEnablement(value), ...notes].join('\n\n'),
  };
}

function noteOn(wasOther: boolean): string {
  return wasOther
    ? 'This was another one, which was running already, and not what you asked for: ask again.'
    : 'This was another one, which was running already: ask again if yours differs from it.';
}

/** The first Ctrl-C asks to cancel; what is in flight then ends before it is Canceled. */
async function followEnablement(session: Session, operation: Operation): Promise<Read<Enablement>> {
  const { api, say } = session;
  const { path, retryAfterMs: waitMs } = operation;
  const interrupted = new AbortController();
  const stopListening = session.onInterrupt(() => {
    say('Asking to cancel; what was changed stays. Ctrl-C again leaves, and lets it go on there');
    interrupted.abort();
  });
  const cancelOnce = createCanceling(session, path);
  const sayNew = sayChanges(say);
  try {
    return await follow(session, {
      read: async () => {
        if (interrupted.signal.aborted) await cancelOnce();
        return await api.getEnablement(path);
      },
      isFinished,
      onSeen: (seen) => {
        sayNew(describeProgress(seen));
      },
      waitMs,
      wake: interrupted.signal,
    });
  } finally {
    stopListening();
  }
}

/** A refusal is told, and then watching goes on; where it may pass, it is asked again with the next look. */
function createCanceling({ api, say }: Session, path: string): () => Promise<void> {
  let asked = false;
  return async () => {
    if (asked) return;
    asked = true;
    try {
      await api.cancelEnablement(path);
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      asked = !error.refusal.mayPass;
      say(`It could not be cancelled: ${error.message}`);
    }
  };
}

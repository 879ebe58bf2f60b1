/** Starts an enablement, one per tenant at a time. */
import { randomUUID } from 'node:crypto';
import { RequestError } from '../errors.ts';
import type { Telemetry } from '../telemetry.ts';
import {
  stepsOf,
  type Enablement,
  type EnablementQueue,
  type EnablementRequest,
  type EnablementStore,
} from './enablement.ts';

export interface StartEnablementDeps {
  readonly enablements: EnablementStore;
  readonly queues: EnablementQueue;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

/** Another one is at work in this tenant. */
export class EnablementInProgressError extends RequestError {
  readonly enablementId: string;

  constructor(enablementId: string) {
    super(409, 'EnablementInProgress', `The enablement ${enablementId} is still running in this tenant.`);
    this.enablementId = enablementId;
  }
}

/** @throws EnablementInProgressError naming the one that runs */
export async function startEnablement(
  deps: StartEnablementDeps,
  tenantId: string,
  request: EnablementRequest,
  enablementId: string = randomUUID(),
): Promise<Enablement> {
  const now = deps.now();
  const enablement: Enablement = {
    ...{ tenantId, enablementId, request },
    ...{ status: 'NotStarted', steps: stepsOf(request) },
    ...{ createdDateTime: now, lastActionDateTime: now },
  };
  const running = await deps.enablements.start(enablement);
  if (running !== undefined) {
    await reviveIfStuck(deps, tenantId, running);
    throw new EnablementInProgressError(running);
  }
  await deps.queues.requestEnablementStep({ version: 1, tenantId, enablementId }, 0);
  deps.telemetry('enablement.operation.started', { tenantId, enablementId, dryRun: request.dryRun });
  return enablement;
}

/** Longer than any step rests that waits. */
const restMs = 60 * 60_000;
const startMs = 60_000;

/** Its message may have been lost: with a crash between the two writes above, or as poison after a long outage. */
async function reviveIfStuck(
  { enablements, queues, now }: StartEnablementDeps,
  tenantId: string,
  enablementId: string,
): Promise<void> {
  const running = await enablements.get(tenantId, enablementId);
  if (running === undefined) return;
  const restedMs = now().getTime() - running.lastActionDateTime.getTime();
  if (restedMs < (running.status === 'NotStarted' ? startMs : restMs)) return;
  await queues.requestEnablementStep({ version: 1, tenantId, enablementId }, 0);
}

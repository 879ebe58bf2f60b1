/** Keeps a receiver that fails from being called for every tenant: one tenant tries, the others wait. */
import type { Telemetry } from '../telemetry.ts';
import type { SendResult } from './kind.ts';
import type { Circuit, DestinationStore, StoredDestination } from './destination.ts';
import type { DestinationMessage, DestinationQueue } from './messages.ts';

export interface CircuitDeps {
  readonly destinations: Pick<DestinationStore, 'get' | 'update'>;
  readonly queues: DestinationQueue;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Nothing was sent, for a reason that concerns all tenants. */
export type Failure = Extract<SendResult, { readonly outcome: 'retry' | 'misconfigured' }>;

const firstWaitMs = 5_000;
const longestWaitMs = 10 * 60_000;
/** Receivers that failed together must not all be called at the same moment. */
const jitter = 0.2;
/** Someone has to act: there is no hurry. */
const misconfiguredWaitMs = 15 * 60_000;
/** Longer than an attempt: the tenant that tries is the only one until then. */
const attemptMs = 2 * 60_000;

/**
 * Whether a message may try now. Of several, one gets an open circuit to itself; the others need not come again, because
 * all tenants continue after it has succeeded. A retry that came too early is delayed again.
 */
export async function mayTry(
  { destinations, queues, now }: CircuitDeps,
  destination: StoredDestination,
  message: DestinationMessage,
): Promise<boolean> {
  for (let found: StoredDestination | undefined = destination; ;) {
    const circuit: Circuit | undefined = found?.circuit;
    if (found === undefined || circuit === undefined) return found !== undefined;
    const waitMs = circuit.nextAttemptAt.getTime() - now().getTime();
    if (waitMs > 0) {
      if (message.failures === circuit.failures) await queues.requestSending(message, waitMs);
      return false;
    }
    const nextAttemptAt = new Date(now().getTime() + attemptMs);
    if (await destinations.update(found, { circuit: { ...circuit, nextAttemptAt } })) return true;
    found = await destinations.get(found.destinationId);
  }
}

/**
 * After a failed attempt.
 * @param message of the tenant that tried: it tries again
 */
export async function openCircuit(
  deps: CircuitDeps,
  message: DestinationMessage,
  failure: Failure,
): Promise<void> {
  const { destinations, queues, telemetry, now } = deps;
  const { destinationId } = message;
  for (;;) {
    const found = await destinations.get(destinationId);
    if (found === undefined) return;
    const failures = (found.circuit?.failures ?? 0) + 1;
    const waitMs = waitOf(failure, failures, deps.random());
    // The message comes first: without it there is no retry; one that comes too early is delayed again.
    await queues.requestSending({ ...message, failures }, waitMs);
    const circuit: Circuit = {
      since: found.circuit?.since ?? now(),
      cause: failure.cause,
      nextStep: failure.outcome === 'misconfigured' ? failure.nextStep : undefined,
      failures,
      nextAttemptAt: new Date(now().getTime() + waitMs),
    };
    if ((await destinations.update(found, { circuit })) === undefined) continue;
    const { kind } = found;
    telemetry('destinations.sending.failed', { destinationId, kind, failures, outcome: failure.outcome });
    return;
  }
}

function waitOf(failure: Failure, failures: number, random: number): number {
  if (failure.outcome === 'misconfigured') return misconfiguredWaitMs;
  const doubled = Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - 1));
  return Math.max(Math.round(doubled * (1 - jitter + 2 * jitter * random)), failure.afterMs ?? 0);
}

/** A message that arrives earlier could find the circuit still open. */
const settleMs = 5_000;

/** After an attempt that succeeded, or that had nothing to send: all tenants continue. */
export async function closeCircuit(
  { destinations, queues, telemetry }: CircuitDeps,
  destinationId: string,
): Promise<void> {
  for (;;) {
    const found = await destinations.get(destinationId);
    if (found?.circuit === undefined) return;
    // The message comes first: after a crash between the two, the next attempt sends another one.
    await queues.requestSending({ version: 1, destinationId }, settleMs);
    if ((await destinations.update(found, { circuit: undefined })) === undefined) continue;
    telemetry('destinations.sending.resumed', { destinationId, kind: found.kind });
    return;
  }
}

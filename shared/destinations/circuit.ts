/** Keeps a receiver that fails from being called for every tenant: one tenant tries, the others wait. */
import { isDeepStrictEqual } from 'node:util';
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
export const misconfiguredWaitMs = 15 * 60_000;
/** Longer than an attempt: the tenant that tries is the only one until then. */
export const attemptMs = 2 * 60_000;

/** What an attempt is made for. */
export interface Attempt {
  /** As it was when the attempt began. */
  readonly destination: StoredDestination;
  readonly message: DestinationMessage;
}

/** Whether nothing can be tried now, so that nothing has to be read. A retry that came too early is delayed again. */
export async function mustWait(
  { queues, now }: Pick<CircuitDeps, 'queues' | 'now'>,
  { destination: { circuit }, message }: Attempt,
): Promise<boolean> {
  const waitMs = circuit === undefined ? 0 : circuit.nextAttemptAt.getTime() - now().getTime();
  if (waitMs <= 0) return false;
  if (message.failures === circuit?.failures) await queues.requestSending(message, waitMs);
  return true;
}

/**
 * Begins an attempt, if it may be made now. Of several, one gets an open circuit to itself; the others need not come again,
 * because all tenants continue after it has succeeded. To be called when there is something to send: who has nothing
 * shows nothing.
 * @returns the destination that it is made for
 */
export async function beginAttempt(
  deps: CircuitDeps,
  { destination, message }: Attempt,
): Promise<StoredDestination | undefined> {
  const { destinations, queues, now } = deps;
  let found: StoredDestination | undefined = destination;
  while (found?.circuit !== undefined) {
    if (await mustWait(deps, { destination: found, message })) return undefined;
    // The message comes first: a host that ends during the attempt leaves its message to a time when nothing can be tried.
    await queues.requestSending({ ...message, failures: found.circuit.failures }, attemptMs);
    const nextAttemptAt = new Date(now().getTime() + attemptMs);
    const begun = await destinations.update(found, { circuit: { ...found.circuit, nextAttemptAt } });
    if (begun !== undefined) return begun;
    found = await unchanged(deps, found);
  }
  return found;
}

/** As it is now; undefined when it was changed, paused, or deleted: what is sent next must be decided again. */
export async function unchanged(
  { destinations }: Pick<CircuitDeps, 'destinations'>,
  destination: StoredDestination,
): Promise<StoredDestination | undefined> {
  const found = await destinations.get(destination.destinationId);
  return found !== undefined && !found.paused && isSameForSending(found, destination) ? found : undefined;
}

/** A retry that has nothing to send leaves the attempt to another tenant. */
export async function passOn(
  { queues }: Pick<CircuitDeps, 'queues'>,
  { destination: { circuit, destinationId }, message }: Attempt,
): Promise<void> {
  if (circuit === undefined || message.failures === undefined) return;
  await queues.requestSending({ version: 1, destinationId });
}

function isSameForSending(one: StoredDestination, other: StoredDestination): boolean {
  const partOf = ({ settings, tenants, filters, search }: StoredDestination) => ({
    settings,
    tenants,
    filters,
    search,
  });
  return isDeepStrictEqual(partOf(one), partOf(other));
}

/** After a failed attempt. */
export async function openCircuit(deps: CircuitDeps, attempt: Attempt, failure: Failure): Promise<void> {
  const { destinations, queues, telemetry, now } = deps;
  const { destination, message } = attempt;
  const { destinationId } = destination;
  for (;;) {
    const found = await destinations.get(destinationId);
    if (found === undefined) return;
    if (!isSameForSending(found, destination)) {
      await queues.requestSending({ ...message, failures: undefined });
      return;
    }
    // Attempts of several tenants failed together: the first one counts, and all continue after the next one.
    if (found.circuit !== undefined && found.circuit.failures !== destination.circuit?.failures) return;
    const failures = (found.circuit?.failures ?? 0) + 1;
    const waitMs = waitOf(failure, failures, deps.random());
    // The message comes first: without it there is no retry; one that comes too early is delayed again.
    await queues.requestSending(retryOf(message, failures, failure), waitMs);
    const nextAttemptAt = new Date(now().getTime() + waitMs);
    const since = found.circuit?.since ?? now();
    const circuit: Circuit = { ...explained(failure), since, failures, nextAttemptAt };
    if ((await destinations.update(found, { circuit })) === undefined) continue;
    const { kind } = found;
    telemetry('destinations.sending.failed', { destinationId, kind, failures, outcome: failure.outcome });
    return;
  }
}

function explained(failure: Failure): Pick<Circuit, 'cause' | 'nextStep'> {
  const { cause } = failure;
  return { cause, nextStep: failure.outcome === 'misconfigured' ? failure.nextStep : undefined };
}

/**
 * The tenant that tried tries again; after the first time, others try before it, as it may be its records that the
 * destination fails at.
 */
function retryOf(message: DestinationMessage, failures: number, { outcome }: Failure): DestinationMessage {
  const { version, destinationId, tenantId } = message;
  return outcome === 'misconfigured' || failures > 1
    ? { version, destinationId, failures, last: tenantId ?? message.last }
    : { ...message, failures };
}

function waitOf(failure: Failure, failures: number, random: number): number {
  if (failure.outcome === 'misconfigured') return misconfiguredWaitMs;
  const doubled = Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - 1));
  return Math.max(Math.round(doubled * (1 - jitter + 2 * jitter * random)), failure.afterMs ?? 0);
}

/** A message that arrives earlier could find the circuit still open. */
const settleMs = 5_000;

/** After an attempt that succeeded: all tenants continue. */
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

/** Runs operations, message by message, each from where the last one stopped. */
import type { Budget } from '../budget.ts';
import { findManagedTenant } from '../tenants/managed.ts';
import type { TenantStore } from '../tenants/tenant.ts';
import {
  closeState,
  concludeOperation,
  discardFailed,
  endOperation,
  type EndOperationDeps,
  type OperationEffects,
} from './end-operation.ts';
import {
  isFinished,
  nounText,
  tenantIn,
  type Ending,
  type OperationMessage,
  type OperationQueue,
} from './operation.ts';
import { SupersededError, takeOver, type OperationRun } from './operation-run.ts';
import type { StoredOperation } from './operation-store.ts';

export interface RunOperationDeps extends EndOperationDeps {
  readonly queues: OperationQueue;
}

/** One delivery of the message that runs an operation. */
export interface OperationDelivery {
  readonly message: OperationMessage;
  /** When it is spent, the rest is left to the next message. */
  readonly budget: Budget;
  /** How often this message was delivered, this time included. @default 1 */
  readonly deliveries?: number | undefined;
}

/** Handing over: how long the next run waits, in milliseconds. */
export interface Waiting {
  readonly waitMs: number;
}

/** What a run came to: it hands over to the next one, or the operation has ended. */
export type Outcome<S> = Waiting | (Ending & { readonly state: S });

/** The work of one kind of operation. `R`: its request; `S`: its state; `T`: what a run holds while it works. */
export interface OperationWork<R, S, T> extends OperationEffects<R, S> {
  /**
   * Calls back while work is safe, and returns what that returned; or says how long to wait, or that the tenant is gone
   * and the operation with it.
   */
  readonly inTurn: (
    one: StoredOperation<R, S>,
    budget: Budget,
    run: (turn: T) => Promise<HandedOver | undefined>,
  ) => Promise<HandedOver | undefined | 'tenantGone'>;
  /** @throws SupersededError, or when storage fails: its message comes again, and continues from what was saved */
  readonly work: (
    run: OperationRun<R, S>,
    held: { readonly turn: T; readonly budget: Budget },
  ) => Promise<Outcome<S>>;
}

interface HandedOver extends Waiting {
  /** The run that does so; absent: none could begin. */
  readonly by?: OperationRun<unknown, unknown>;
}

/** Deliveries of one message before a copy is sent instead; the fifth would make it poison (host.json). */
const maxDeliveries = 3;
/** Runs in a row that were killed or failed before they saved anything or handed over. */
const maxVainRuns = 50;
/** Without a save for so long, a message was lost. Longer waits say when they end. */
export const restMs = 2 * 60 * 60_000;

/**
 * Works until the budget is spent, it has to wait, or the operation has ended. Ends quietly when superseded.
 * @throws when storage fails: the message comes again
 */
export async function runOperation<R, S, T>(
  deps: RunOperationDeps,
  work: OperationWork<R, S, T>,
  delivery: OperationDelivery,
): Promise<void> {
  const { queues } = deps;
  const { message, budget, deliveries = 1 } = delivery;
  // A delivery counts even if it killed its host: a copy starts counting from one.
  if (deliveries >= maxDeliveries) {
    await queues.requestOperationRun(message, 0);
    return;
  }
  const found = await work.store.get(message);
  if (found === undefined) return;
  // Again: the run that ended it may have been killed before it got there.
  await discardFailed(work, found);
  if (isFinished(found) || isSuperfluous(found, message)) return;
  const next = await work.inTurn(found, budget, (turn) => run(deps, work, { ...delivery, found, turn }));
  if (next === 'tenantGone') await endOperation(deps, work, found, tenantGone);
  else if (next !== undefined) await handOver(deps, message, next);
}

/**
 * A newer message was sent since: one continues, however many copies there were. Not so for a cancellation, which may be
 * requested while the run that sends the newer one is working.
 */
function isSuperfluous(
  { handedOverBy, cancelRequested }: StoredOperation<unknown, unknown>,
  { after = 0 }: OperationMessage,
): boolean {
  return after < handedOverBy && !cancelRequested;
}

const tenantGone: Ending = {
  status: 'Canceled',
  errorCode: 'TenantRemoved',
  errorMessage: 'The tenant was removed before this had finished.',
};

interface Taken<R, S, T> extends OperationDelivery {
  readonly found: StoredOperation<R, S>;
  readonly turn: T;
}

async function run<R, S, T>(
  deps: RunOperationDeps,
  work: OperationWork<R, S, T>,
  { found, turn, message, budget }: Taken<R, S, T>,
): Promise<HandedOver | undefined> {
  const taken = await takeOver(work.store, found, deps.now);
  if (taken === undefined) return undefined;
  return await unlessSuperseded(deps, message, async () => {
    const outcome = isStalled(taken, message)
      ? stalled(work, taken)
      : await work.work(taken, { turn, budget });
    if ('waitMs' in outcome) return { waitMs: outcome.waitMs, by: taken };
    await taken.save(outcome);
    await concludeOperation(deps, work, taken.operation());
    return undefined;
  });
}

async function unlessSuperseded<T>(
  { telemetry }: Pick<RunOperationDeps, 'telemetry'>,
  { kind, tenantId, id: operationId }: OperationMessage,
  act: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof SupersededError)) throw error;
    telemetry('operations.run.superseded', { kind, tenantId: tenantIn({ kind, tenantId }), operationId });
    return undefined;
  }
}

/** The message says it too: runs of earlier releases did not save that they handed over. */
function isStalled(
  { number, operation }: OperationRun<unknown, unknown>,
  { after = 0 }: OperationMessage,
): boolean {
  return number - 1 - Math.max(operation().savedBy, after) >= maxVainRuns;
}

function stalled<R, S>(
  { store: { kind } }: OperationEffects<R, S>,
  { operation }: OperationRun<R, S>,
): Ending & { readonly state: S } {
  const errorMessage = `The ${nounText(kind)} made no progress in ${maxVainRuns} attempts. Start another one.`;
  const ending: Ending = { status: 'Failed', errorCode: `${kind.noun}Stalled`, errorMessage };
  return { ...ending, state: closeState(kind, operation(), ending) };
}

/**
 * The message goes first: a host that is killed between the two leaves one too many, which is superfluous soon, and not one
 * too few. A run that has saved and continues at once writes nothing: the next one may have begun.
 */
async function handOver(deps: RunOperationDeps, message: OperationMessage, next: HandedOver): Promise<void> {
  const { waitMs, by } = next;
  await deps.queues.requestOperationRun({ ...message, after: by?.number ?? message.after }, waitMs);
  if (by === undefined || (waitMs === 0 && by.operation().savedBy === by.number)) return;
  const dueAt = new Date(deps.now().getTime() + waitMs + restMs);
  const checked = waitMs >= restMs ? { checkDateTime: dueAt } : {};
  await unlessSuperseded(deps, message, () => by.save({ handedOverBy: by.number, ...checked }));
}

/** Work for several tenants is safe at any time: it asks of each whether it is managed. */
export async function atAnyTime<T>(
  _one: unknown,
  _budget: Budget,
  run: (turn: undefined) => Promise<T>,
): Promise<T> {
  return await run(undefined);
}

/** Work is safe while the tenant is managed: what is written for one that is being removed would outlive it. */
export function whileManaged({ tenants }: { readonly tenants: Pick<TenantStore, 'get'> }) {
  return async <T>(
    { tenantId }: { readonly tenantId: string },
    _budget: Budget,
    run: (turn: undefined) => Promise<T>,
  ): Promise<T | 'tenantGone'> =>
    (await findManagedTenant(tenants, tenantId)) === undefined ? 'tenantGone' : await run(undefined);
}

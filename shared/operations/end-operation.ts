/** Ends operations: at the end of their work, by cancellation, or because their tenant is being removed. */
import type { Telemetry, TelemetryFields } from '../telemetry.ts';
import {
  isFinished,
  messageFor,
  tenantIn,
  type Ending,
  type Operation,
  type OperationKind,
  type OperationQueue,
} from './operation.ts';
import { changeUnfinished, progressed } from './operation-run.ts';
import type { OperationStore, StoredOperation } from './operation-store.ts';

export interface EndOperationDeps {
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

/** What belongs to operations of one kind in addition to their work. */
export interface OperationEffects<R, S> {
  readonly store: OperationStore<R, S>;
  /** Deletes what one left outside of its row, when it ends without success and when it expires. Repeatable. */
  readonly discard?: (one: Operation<R, S>) => Promise<void>;
  /** What its last event reports in addition to its status. */
  readonly measure?: (one: Operation<R, S>) => TelemetryFields;
}

/**
 * Ends an operation from outside of its run, which is superseded.
 * @returns the operation as it is then, which may have finished otherwise
 * @throws when storage fails
 */
export async function endOperation<R, S>(
  deps: EndOperationDeps,
  effects: OperationEffects<R, S>,
  one: StoredOperation<R, S>,
  ending: Ending,
): Promise<Operation<R, S>> {
  const { store } = effects;
  const ended = await changeUnfinished(store, one, (before) => {
    const closed = { ...ending, state: closeState(store.kind, before, ending) };
    return { ...progressed(store.kind, before, closed, deps.now()), run: before.run + 1 };
  });
  if (ended === undefined) return (await store.get(one)) ?? one;
  await concludeOperation(deps, effects, ended);
  return ended;
}

export function closeState<R, S>(
  { close }: OperationKind<R, S>,
  { state }: Operation<R, S>,
  ending: Ending,
): S {
  return close === undefined ? state : close(state, ending);
}

/** What follows the write that ended an operation. */
export async function concludeOperation<R, S>(
  { telemetry, now }: EndOperationDeps,
  effects: OperationEffects<R, S>,
  one: StoredOperation<R, S>,
): Promise<void> {
  const { store, measure } = effects;
  const { name: kind } = store.kind;
  const { id: operationId, status, run: runs, createdDateTime } = one;
  const tenantId = tenantIn({ kind, tenantId: one.tenantId });
  const durationMs = now().getTime() - createdDateTime.getTime();
  const ended = { kind, tenantId, operationId, status, runs, durationMs };
  telemetry('operations.operation.finished', { ...ended, ...measure?.(one) });
  await discardFailed(effects, one);
}

/** Does nothing for one that has not ended, or has succeeded. Repeatable. */
export async function discardFailed<R, S>(
  { discard }: OperationEffects<R, S>,
  one: Operation<R, S>,
): Promise<void> {
  if (isFinished(one) && one.status !== 'Succeeded') await discard?.(one);
}

export interface CancelOperationDeps extends EndOperationDeps {
  readonly queues: OperationQueue;
}

/**
 * Cancels an operation at once, or requests that its run does. Does nothing to a finished one.
 * @returns the operation as it is then
 * @throws when storage fails
 */
export async function cancelOperation<R, S>(
  deps: CancelOperationDeps,
  effects: OperationEffects<R, S>,
  one: StoredOperation<R, S>,
): Promise<Operation<R, S>> {
  const { store } = effects;
  if (isFinished(one)) return one;
  if (store.kind.isCanceledByRun !== true) return await endOperation(deps, effects, one, canceled);
  const requested = await changeUnfinished(store, one, (before) => {
    // However many runs were in vain before it.
    return { ...before, cancelRequested: true, savedBy: before.run };
  });
  if (requested === undefined) return (await store.get(one)) ?? one;
  // It may be waiting for hours.
  await deps.queues.requestOperationRun(messageFor(store.kind, one), 0);
  return requested;
}

const canceled: Ending = { status: 'Canceled' };

/** Checks operations when they are due: resends messages that were lost, and deletes what has expired. */
import pMap from 'p-map';
import type { Telemetry } from '../telemetry.ts';
import type { OperationEffects } from './end-operation.ts';
import {
  isFinished,
  messageFor,
  operationKindSchema,
  tenantIn,
  type OperationKindName,
  type OperationQueue,
} from './operation.ts';
import type { DueOperation, OperationAgenda, StoredOperation } from './operation-store.ts';
import { restMs } from './run-operation.ts';

export interface MonitorOperationsDeps {
  readonly agenda: OperationAgenda;
  readonly queues: OperationQueue;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

/** Checks operations of one kind. */
export interface OperationChecker {
  /** @throws when storage fails */
  check(due: DueOperation): Promise<void>;
}

/**
 * Repeatable at any point; checks all, whichever of them fail. Those of kinds that only a later release knows stay as they are,
 * due, until it is back.
 * @throws AggregateError of all failures
 */
export async function monitorOperations(
  { agenda, telemetry, now }: MonitorOperationsDeps,
  checkers: Readonly<Record<OperationKindName, OperationChecker>>,
): Promise<void> {
  const unknown = new Map<string, number>();
  const check = async (due: DueOperation): Promise<void> => {
    const kind = operationKindSchema.safeParse(due.kind).data;
    if (kind === undefined) unknown.set(due.kind, (unknown.get(due.kind) ?? 0) + 1);
    else await checkers[kind].check(due);
  };
  try {
    await pMap(agenda.due(now()), check, { concurrency: 1, stopOnError: false });
  } finally {
    for (const [kind, count] of unknown) telemetry('operations.kind.unknown', { kind, count });
  }
}

/** A message that has not run anything for so long was lost. */
const startMs = 60_000;

/** Resends the message of one that rests, deletes one that has expired, and says when the next check is due. */
export async function checkOperation<R, S>(
  deps: MonitorOperationsDeps,
  effects: OperationEffects<R, S>,
  due: DueOperation,
): Promise<void> {
  const { store } = effects;
  const now = deps.now();
  const one = await store.get(due);
  if (one === undefined) await deps.agenda.drop(due);
  else if (one.expiresDateTime !== undefined && one.expiresDateTime <= now) await expire(deps, effects, one);
  else {
    if (isResting(one, now)) await deps.queues.requestOperationRun(messageFor(store.kind, one), 0);
    const checkDateTime = isFinished(one) ? one.expiresDateTime : new Date(now.getTime() + restMs);
    // When it has changed meanwhile, the entry stays, and so it is checked again next time.
    await store.replace(one, { ...one, checkDateTime });
  }
}

function isResting(one: StoredOperation<unknown, unknown>, now: Date): boolean {
  const restedMs = now.getTime() - one.lastActionDateTime.getTime();
  return !isFinished(one) && restedMs >= (one.status === 'NotStarted' ? startMs : restMs);
}

/** The row goes last. */
async function expire<R, S>(
  { telemetry }: MonitorOperationsDeps,
  { store, discard }: OperationEffects<R, S>,
  one: StoredOperation<R, S>,
): Promise<void> {
  await discard?.(one);
  await store.remove(one);
  const { name: kind } = store.kind;
  const { tenantId, id: operationId } = one;
  const fields = { kind, tenantId: tenantIn({ kind, tenantId }), operationId };
  telemetry('operations.operation.expired', fields);
}

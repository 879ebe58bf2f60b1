/** Starts operations. */
import { RequestError } from '../errors.ts';
import type { Telemetry } from '../telemetry.ts';
import {
  expiryAfter,
  messageFor,
  newOperationId,
  nounText,
  tenantIn,
  type Operation,
  type OperationQueue,
  type OperationTraits,
} from './operation.ts';
import type { OperationStore } from './operation-store.ts';

export interface StartOperationDeps {
  readonly queues: OperationQueue;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

/** There already is an unfinished operation of this exclusive kind. */
export class OperationInProgressError extends RequestError {
  /** The unfinished one. */
  readonly operationId: string;

  constructor(kind: OperationTraits, operationId: string) {
    const { noun, isOfPartner = false } = kind;
    const where = isOfPartner ? '' : ' in this tenant';
    const message = `The ${nounText(kind)} ${operationId} is still running${where}. Wait for it or cancel it.`;
    super(409, `${noun}InProgress`, message);
    this.operationId = operationId;
  }
}

/** What an operation is created with. */
export type NewOperation<R, S> = Pick<Operation<R, S>, 'tenantId' | 'request' | 'state' | 'createdBy'> & {
  readonly id?: string | undefined;
};

/** When the monitor first checks that the first message was not lost. */
const firstCheckMs = 5 * 60_000;

/**
 * Creates an operation that runs when its message is sent.
 * @throws OperationInProgressError naming the unfinished one
 */
export async function createOperation<R, S>(
  { now }: Pick<StartOperationDeps, 'now'>,
  store: OperationStore<R, S>,
  { id, ...wanted }: NewOperation<R, S>,
): Promise<Operation<R, S>> {
  const { kind } = store;
  const at = now();
  const expiresDateTime = expiryAfter(kind, wanted.request, at);
  const one: Operation<R, S> = {
    ...wanted,
    id: id ?? newOperationId(at),
    status: 'NotStarted',
    createdDateTime: at,
    lastActionDateTime: at,
    expiresDateTime,
  };
  const running = await store.create(one, new Date(at.getTime() + firstCheckMs));
  if (running !== undefined) throw new OperationInProgressError(kind, running);
  return one;
}

/**
 * Creates an operation and sends the message that runs it.
 * @throws OperationInProgressError naming the unfinished one
 */
export async function startOperation<R, S>(
  deps: StartOperationDeps,
  store: OperationStore<R, S>,
  wanted: NewOperation<R, S>,
): Promise<Operation<R, S>> {
  const one = await createOperation(deps, store, wanted);
  await announceOperation(deps, store.kind, one);
  return one;
}

/** Sends the first message of an operation that was created. */
export async function announceOperation(
  { queues, telemetry }: StartOperationDeps,
  traits: OperationTraits,
  one: Operation<unknown, unknown>,
): Promise<void> {
  const message = messageFor(traits, one);
  await queues.requestOperationRun(message, 0);
  const fields = { kind: message.kind, tenantId: tenantIn(message), operationId: one.id };
  telemetry('operations.operation.started', fields);
}

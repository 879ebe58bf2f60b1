/** Messages that failed too often: those with a cause, and those that only the poison queues know. */
import type { OpenPoisonQueue, QueuedMessage } from './poison-queue.ts';
import { idsOf, messageIn } from './message-ids.ts';
import { poisonIdOf, type PoisonMessage, type PoisonMessages } from './poison-message.ts';
import { workQueues, type WorkQueue } from './queue-names.ts';

export interface ListPoisonDeps {
  readonly poisonMessages: PoisonMessages;
  readonly poisonQueue: OpenPoisonQueue;
  readonly now: () => Date;
}

/** With its version, if it is recorded. */
export interface ListedPoisonMessage extends PoisonMessage {
  readonly etag?: string | undefined;
}

/** Longer than any function may run (host.json: functionTimeout). */
const longestRunMs = 10 * 60_000;

/**
 * Of a tenant; without it, of all tenants and of none. Costs one query, and one request for each queue: a host that was
 * killed, or an earlier release, recorded no cause. Of such messages only the first of each queue are found.
 */
export async function listPoison(
  deps: ListPoisonDeps,
  tenantId?: string,
): Promise<readonly ListedPoisonMessage[]> {
  const [recorded, ...queued] = await Promise.all([
    deps.poisonMessages.list(tenantId),
    ...workQueues.map((queue) => peek(deps, queue)),
  ]);
  const ids = new Set(recorded.map(({ id }) => id));
  const others = queued
    .flat()
    .filter((one) => !ids.has(one.id) && (tenantId === undefined || one.tenantId === tenantId));
  const unrecorded = new Map(others.map((one) => [one.id, one])).values();
  return [...recorded.filter((one) => !isRunning(deps, one)), ...unrecorded].map(withCause);
}

/** Undefined when there is none of this ID. */
export async function findPoison(
  deps: ListPoisonDeps,
  id: string,
  tenantId?: string,
): Promise<ListedPoisonMessage | undefined> {
  const wanted = id.trim().toLowerCase();
  return (await listPoison(deps, tenantId)).find((one) => one.id === wanted);
}

function isRunning({ now }: ListPoisonDeps, { state, at }: PoisonMessage): boolean {
  return state === 'attempting' && now().getTime() - at.getTime() < longestRunMs;
}

const hostStopped = {
  code: 'HostStopped',
  message: 'The last delivery did not end: the host was stopped or killed, or ran out of time or memory.',
} as const;

function withCause<T extends PoisonMessage>(one: T): T {
  return one.state === 'attempting' ? { ...one, state: 'waiting', ...hostStopped } : one;
}

async function peek({ poisonQueue }: ListPoisonDeps, queue: WorkQueue): Promise<readonly PoisonMessage[]> {
  return (await poisonQueue(queue).peek()).map((queued) => withoutCause(queue, queued));
}

function withoutCause(queue: WorkQueue, { messageText, insertedOn }: QueuedMessage): PoisonMessage {
  const message = messageIn(messageText);
  const { tenantId, ...ids } = idsOf(message) ?? {};
  const id = poisonIdOf(queue, message);
  return { id, queue, tenantId: tenantId?.toLowerCase(), state: 'waiting', ids, at: insertedOn };
}

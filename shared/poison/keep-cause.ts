/** Keeps why a message failed for the last time. */
import type { Telemetry } from '../telemetry.ts';
import type { TenantStore } from '../tenants/tenant.ts';
import { causeOf, codeOf } from './cause.ts';
import { idsOf } from './message-ids.ts';
import { poisonIdOf, type PoisonMessage, type PoisonMessages } from './poison-message.ts';
import { maxDeliveries, type WorkQueue } from './queue-names.ts';

export interface KeepCauseDeps {
  readonly poisonMessages: PoisonMessages;
  readonly tenants: Pick<TenantStore, 'get'>;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

export interface LastDelivery {
  readonly queue: WorkQueue;
  readonly message: unknown;
  /** How often the message was delivered, this time included. */
  readonly deliveries: number;
}

/**
 * Runs the work of a message. Before its last delivery it is recorded as being attempted, so that it is known even if the
 * host is killed; afterwards with its cause, or no longer. What cannot be recorded does not stop the work.
 * @throws what the work throws
 */
export async function keepingCause(
  deps: KeepCauseDeps,
  delivery: LastDelivery,
  work: () => Promise<void>,
): Promise<void> {
  if (delivery.deliveries < maxDeliveries) {
    await work();
    return;
  }
  const attempt = await recorded(deps, () => begin(deps, delivery));
  try {
    await work();
  } catch (error) {
    if (attempt !== undefined) await recorded(deps, () => fail(deps, attempt, error));
    throw error;
  }
  if (attempt !== undefined) await recorded(deps, () => forget(deps, attempt));
}

/** Undefined for a tenant that was removed: nothing may name it, and its work is dropped. */
async function begin(
  { poisonMessages, tenants, now }: KeepCauseDeps,
  { queue, message, deliveries }: LastDelivery,
): Promise<PoisonMessage | undefined> {
  const { tenantId: named, ...ids } = idsOf(message) ?? {};
  const tenantId = named?.toLowerCase();
  if (tenantId !== undefined && (await tenants.get(tenantId)) === undefined) return undefined;
  const id = poisonIdOf(queue, message);
  const attempt: PoisonMessage = { id, queue, tenantId, state: 'attempting', ids, deliveries, at: now() };
  await poisonMessages.put(attempt);
  return attempt;
}

async function fail(
  { poisonMessages, telemetry }: KeepCauseDeps,
  attempt: PoisonMessage,
  error: unknown,
): Promise<void> {
  const failed = { ...attempt, state: 'waiting', ...causeOf(error) } as const;
  await poisonMessages.put(failed);
  const { queue, tenantId, id: poisonId, deliveries, code } = failed;
  telemetry('functions.message.poisoned', { queue, tenantId, poisonId, deliveries, code });
}

async function forget({ poisonMessages }: KeepCauseDeps, attempt: PoisonMessage): Promise<void> {
  const stored = await poisonMessages.get(attempt);
  if (stored?.state === 'attempting') await poisonMessages.remove(stored);
}

async function recorded<T>({ telemetry }: KeepCauseDeps, record: () => Promise<T>): Promise<T | undefined> {
  try {
    return await record();
  } catch (error) {
    telemetry('functions.cause.unrecorded', { code: codeOf(error) });
    return undefined;
  }
}

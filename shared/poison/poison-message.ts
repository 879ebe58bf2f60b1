/** A message that failed in every delivery: its cause, and what an operator decided about it. */
import * as z from 'zod';
import { guidOfHash } from '../guid.ts';
import { isObject } from '../json.ts';
import { contentHash } from '../records/canonical.ts';
import { storedDate } from '../stored-date.ts';
import { messageIdsSchema } from './message-ids.ts';
import { workQueueSchema, type WorkQueue } from './queue-names.ts';

/**
 * `attempting`: its last delivery has begun; it stays so when the host was killed meanwhile. `waiting`: it failed and is
 * in the poison queue. `givenUp`: an operator deleted it from there.
 */
export const poisonStates = ['attempting', 'waiting', 'givenUp'] as const;

export const poisonMessageSchema = z.object({
  /** A GUID that follows from the queue and the message, so that repeated failures of the same work have one row. */
  id: z.guid(),
  queue: workQueueSchema,
  /** Absent if the message names no tenant. */
  tenantId: z.guid().optional(),
  state: z.enum(poisonStates),
  ids: messageIdsSchema,
  /** Absent if it is known only from the poison queue. */
  deliveries: z.int().optional(),
  /** When its last delivery began, or when it came into the poison queue. */
  at: storedDate,
  /** Code of the error that ended the last delivery; absent while none is known. */
  code: z.string().optional(),
  /** Never content of records or of the message. */
  message: z.string().optional(),
  givenUpAt: storedDate.optional(),
  givenUpBy: z.string().optional(),
  givenUpReason: z.string().optional(),
});
export type PoisonMessage = Readonly<z.output<typeof poisonMessageSchema>>;

export interface StoredPoisonMessage extends PoisonMessage {
  readonly etag: string;
}

/** Causes and decisions; the messages themselves are in the poison queues. */
export interface PoisonMessages {
  /** Creates or replaces it. */
  put(message: PoisonMessage): Promise<void>;
  get(key: PoisonKey): Promise<StoredPoisonMessage | undefined>;
  /** Of a tenant; of all tenants and of none without it. */
  list(tenantId?: string): Promise<readonly StoredPoisonMessage[]>;
  /** Removes it unless it has changed since it was read; one that does not exist is ignored. */
  remove(message: StoredPoisonMessage): Promise<void>;
}

/** The tenant is absent for a message that names none. */
type PoisonKey = Pick<PoisonMessage, 'id' | 'tenantId'>;

/** The same for all messages that request the same work, whatever their trace. @param message as `messageIn` reads it */
export function poisonIdOf(queue: WorkQueue, message: unknown): string {
  const members = Object.entries(isObject(message) ? message : { message });
  const work = Object.fromEntries(members.filter(([name]) => name !== 'traceparent'));
  const identity = { queue, work };
  return guidOfHash(contentHash(Buffer.from(JSON.stringify(identity)), identity).toString('hex'));
}

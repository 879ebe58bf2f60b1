/** What a channel has to send, and what it has sent. */
import * as z from 'zod';
import { sha256Of } from '../sha256.ts';
import { storedDate } from '../stored-date.ts';
import { messageSchema, type Message } from './message.ts';

/** A message that waits at a channel. */
export const waitingSchema = z.object({
  channelId: z.string(),
  /** @see deliveryIdFor */
  deliveryId: z.string(),
  message: messageSchema,
  dueDateTime: storedDate,
});
export type Waiting = Readonly<z.output<typeof waitingSchema>>;

export interface StoredWaiting extends Waiting {
  readonly etag: string;
}

export const deliveryResults = ['sent', 'refused', 'obsolete'] as const;

/** What became of a message at a channel; there is one for each matter. */
export const deliverySchema = z.object({
  channelId: z.string(),
  deliveryId: z.string(),
  tenantId: z.string().optional(),
  title: z.string(),
  severity: messageSchema.shape.severity,
  topic: messageSchema.shape.topic,
  /** `obsolete`: before it was sent, it was closed, or the channel was no longer for its tenant. */
  result: z.enum(deliveryResults),
  /** That was sent last. */
  revision: z.number(),
  /** It was closed at the receiver as well. */
  closed: z.boolean(),
  /** ID of the message in which it was sent last. */
  messageId: z.string(),
  /** How many matters that message was about. */
  together: z.number(),
  /** The receiver may have it twice, because an attempt ended without an answer. */
  perhapsTwice: z.boolean(),
  receipt: z.string().optional(),
  /** Why it was refused; of what was sent: why its newest change was. */
  cause: z.string().optional(),
  sentDateTime: storedDate,
});
export type Delivery = Readonly<z.output<typeof deliverySchema>>;

/** Of a matter at a channel; the same whenever it is found. */
export function deliveryIdOf(key: string): string {
  return sha256Of(key).slice(0, 32);
}

/** ID of a delivery: reports, of which there may be thousands that are sent one by one, come after everything else. */
export function deliveryIdFor({ key, topic }: Pick<Message, 'key' | 'topic'>): string {
  const id = deliveryIdOf(key);
  return topic === 'reports' ? `r${id}` : id;
}

/** Only who holds the lease of a channel takes from what waits, and adds to what was sent; anyone may put. */
export interface DeliveryStore {
  waiting(channelId: string, deliveryId: string): Promise<StoredWaiting | undefined>;
  /** What is due until then, in order of deliveryId; at most `limit`. */
  due(channelId: string, until: Date, limit: number): Promise<readonly StoredWaiting[]>;
  /** When the next one is due; undefined if nothing waits. */
  nextDue(channelId: string): Promise<Date | undefined>;
  /** @returns false, and nothing written, when one waits already */
  put(waiting: Waiting): Promise<boolean>;
  /** @returns false, and nothing written, when it was modified since or is gone */
  replace(before: StoredWaiting, after: Waiting): Promise<boolean>;
  /** Takes what was read; one that was modified since stays. Succeeds if it is gone. */
  take(waiting: StoredWaiting): Promise<void>;
  sent(channelId: string, deliveryId: string): Promise<Delivery | undefined>;
  /** Creates or replaces it. */
  record(delivery: Delivery): Promise<void>;
  /** The newest ones first. */
  recent(channelId: string, limit: number): Promise<readonly Delivery[]>;
  /** Removes everything of a channel. */
  clear(channelId: string): Promise<void>;
}

/** A poison queue, and the work queue that it belongs to. */
import type { WorkQueue } from './queue-names.ts';

/** A message in a poison queue. */
export interface QueuedMessage {
  readonly messageId: string;
  /** As the queue holds it; never shown. */
  readonly messageText: string;
  readonly insertedOn: Date;
  /** Without the failures that brought it here. */
  readonly dequeueCount: number;
}

/** Hidden from other readers until it is given back or deleted, or for two minutes. */
export interface TakenMessage extends QueuedMessage {
  readonly popReceipt: string;
}

/** A missing queue is an empty one: the Functions host creates it when it first needs it. Calls throw when storage fails. */
export interface PoisonQueue {
  readonly name: string;
  readonly workQueue: WorkQueue;
  /** The first messages, at most 32. */
  peek(): Promise<readonly QueuedMessage[]>;
  /** The approximate number of all, with those that another reader has taken. */
  count(): Promise<number>;
  /** The next messages, and the time at storage; none when there are no more. */
  take(): Promise<{ readonly messages: readonly TakenMessage[]; readonly takenAt: Date }>;
  /** Does nothing when another reader has taken it meanwhile. */
  giveBack(message: TakenMessage): Promise<void>;
  /** Durable in the work queue when it resolves. */
  putIntoWorkQueue(message: QueuedMessage): Promise<void>;
  /** Does nothing when another reader has taken or deleted it meanwhile. */
  remove(message: TakenMessage): Promise<void>;
}

export type OpenPoisonQueue = (queue: WorkQueue) => PoisonQueue;

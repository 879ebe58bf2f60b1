/** Queues that hold messages of operations until their time. */
import type { Message } from '../../../shared/channels/message.ts';
import type { MatterQueue } from '../../../shared/channels/notifications.ts';
import type { OperationMessage, OperationQueue } from '../../../shared/operations/operation.ts';
import { createFakeWorkQueues, type FakeWorkQueues } from './work-queues.ts';

export interface WaitingMessage {
  readonly message: OperationMessage;
  readonly due: Date;
}

export interface FakeEnablementQueue extends OperationQueue, FakeWorkQueues, MatterQueue {
  /** What people are notified of. */
  readonly matters: readonly Message[];
  /** In the order of their times. */
  readonly waiting: () => readonly WaitingMessage[];
  /** Takes the message that is due first. */
  take(): WaitingMessage | undefined;
}

export function createFakeEnablementQueue(now: () => Date): FakeEnablementQueue {
  const messages: WaitingMessage[] = [];
  const matters: Message[] = [];
  const sort = () => messages.sort((a, b) => a.due.getTime() - b.due.getTime());
  return {
    ...createFakeWorkQueues(),
    matters,
    requestMatter: async ({ matter }) => {
      matters.push(matter);
      await Promise.resolve();
    },
    waiting: () => [...sort()],
    take: () => {
      sort();
      return messages.shift();
    },
    requestOperationRun: async (message, delayMs) => {
      messages.push({ message, due: new Date(now().getTime() + delayMs) });
      await Promise.resolve();
    },
  };
}

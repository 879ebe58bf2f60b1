/** Queues that hold enablement messages until their time. */
import type { EnablementMessage, EnablementQueue } from '../../../shared/enablement/enablement.ts';
import { createFakeWorkQueues, type FakeWorkQueues } from './work-queues.ts';

export interface WaitingMessage {
  readonly message: EnablementMessage;
  readonly due: Date;
}

export interface FakeEnablementQueue extends EnablementQueue, FakeWorkQueues {
  /** In the order of their times. */
  readonly waiting: () => readonly WaitingMessage[];
  /** Takes the message that is due first. */
  take(): WaitingMessage | undefined;
}

export function createFakeEnablementQueue(now: () => Date): FakeEnablementQueue {
  const messages: WaitingMessage[] = [];
  const sort = () => messages.sort((a, b) => a.due.getTime() - b.due.getTime());
  return {
    ...createFakeWorkQueues(),
    waiting: () => [...sort()],
    take: () => {
      sort();
      return messages.shift();
    },
    requestEnablementStep: async (message, delayMs) => {
      messages.push({ message, due: new Date(now().getTime() + delayMs) });
      await Promise.resolve();
    },
  };
}

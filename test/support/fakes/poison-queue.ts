/** Poison queues in memory. */
import { randomUUID } from 'node:crypto';
import type { OpenPoisonQueue, TakenMessage } from '../../../shared/poison/poison-queue.ts';
import { poisonQueueOf, type WorkQueue } from '../../../shared/poison/queue-names.ts';

export interface FakePoisonQueues {
  readonly open: OpenPoisonQueue;
  /** Puts a message into a poison queue, as the Functions host does. */
  put(queue: WorkQueue, message: unknown): void;
  /** What is in a poison queue, hidden or not. */
  left(queue: WorkQueue): readonly unknown[];
  /** What was put into a work queue. */
  sent(queue: WorkQueue): readonly unknown[];
  /** Makes messages visible that were taken. */
  reveal(): void;
}

const numberOfMessages = 32;

export function createFakePoisonQueues(now: () => Date): FakePoisonQueues {
  const all = new Map<WorkQueue, TakenMessage[]>();
  const sentTo = new Map<WorkQueue, string[]>();
  const hidden = new Set<string>();
  const of = (queue: WorkQueue) => all.get(queue) ?? [];
  const parse = (text: string): unknown => JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
  return {
    put: (queue, message) => {
      const messageText = Buffer.from(JSON.stringify(message)).toString('base64');
      const ids = { messageId: randomUUID(), popReceipt: randomUUID() };
      all.set(queue, [...of(queue), { ...ids, messageText, insertedOn: now(), dequeueCount: 0 }]);
    },
    left: (queue) => of(queue).map(({ messageText }) => parse(messageText)),
    sent: (queue) => (sentTo.get(queue) ?? []).map(parse),
    reveal: () => {
      hidden.clear();
    },
    open: (queue) => {
      const visible = () => of(queue).filter(({ messageId }) => !hidden.has(messageId));
      return {
        name: poisonQueueOf(queue),
        workQueue: queue,
        peek: async () => await Promise.resolve(visible().slice(0, numberOfMessages)),
        count: async () => await Promise.resolve(of(queue).length),
        take: async () => {
          const messages = visible().slice(0, numberOfMessages);
          for (const { messageId } of messages) hidden.add(messageId);
          return await Promise.resolve({ messages, takenAt: now() });
        },
        giveBack: async ({ messageId }) => {
          hidden.delete(messageId);
          await Promise.resolve();
        },
        putIntoWorkQueue: async ({ messageText }) => {
          sentTo.set(queue, [...(sentTo.get(queue) ?? []), messageText]);
          await Promise.resolve();
        },
        remove: async ({ messageId }) => {
          all.set(
            queue,
            of(queue).filter((one) => one.messageId !== messageId),
          );
          await Promise.resolve();
        },
      };
    },
  };
}

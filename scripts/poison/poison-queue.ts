/** A poison queue, and the work queue that it belongs to. */
import { RestError, type PeekedMessageItem, type QueueServiceClient } from '@azure/storage-queue';
import { poisonQueueOf, type WorkQueue } from '../../shared/adapters/queues/queue-names.ts';
import { putMessage } from '../../shared/adapters/queues/queue-service.ts';

export interface PoisonMessage {
  readonly id: string;
  /** As the queue holds it. Never shown. */
  readonly text: string;
  readonly insertedAt: Date;
  /** How often it was taken from the poison queue, without the failures that brought it there. */
  readonly dequeueCount: number;
}

/** Hidden from other readers until it is given back or deleted, or for two minutes. */
export interface TakenMessage extends PoisonMessage {
  readonly popReceipt: string;
}

export interface PoisonQueue {
  readonly name: string;
  readonly workQueue: WorkQueue;
  /** The first messages, and the approximate number of all, with those that another reader has taken. */
  readonly peek: () => Promise<{ readonly messages: readonly PoisonMessage[]; readonly total: number }>;
  /** The next messages, and the time at storage; none when there are no more. */
  readonly take: () => Promise<{ readonly messages: readonly TakenMessage[]; readonly takenAt: Date }>;
  /** Does nothing when another reader has taken it meanwhile. */
  readonly giveBack: (message: TakenMessage) => Promise<void>;
  /** Durable in the work queue when it resolves. */
  readonly putIntoWorkQueue: (message: PoisonMessage) => Promise<void>;
  readonly remove: (message: TakenMessage) => Promise<void>;
}

/** The most that storage allows. */
const messagesAtOnce = 32;

/** A missing queue is an empty one: the Functions host creates it when it first needs it. */
export function openPoisonQueue(
  service: QueueServiceClient,
  workQueue: WorkQueue,
  hiddenSeconds = 120,
): PoisonQueue {
  const poison = service.getQueueClient(poisonQueueOf(workQueue));
  const work = service.getQueueClient(workQueue);
  return {
    name: poison.name,
    workQueue,
    async peek() {
      const peeked = await unlessMissing(() => poison.peekMessages({ numberOfMessages: messagesAtOnce }));
      const messages = (peeked?.peekedMessageItems ?? []).map(toMessage);
      const { approximateMessagesCount = 0 } = (await unlessMissing(() => poison.getProperties())) ?? {};
      return { messages, total: Math.max(messages.length, approximateMessagesCount) };
    },
    async take() {
      const options = { numberOfMessages: messagesAtOnce, visibilityTimeout: hiddenSeconds };
      const taken = await unlessMissing(() => poison.receiveMessages(options));
      const messages = (taken?.receivedMessageItems ?? []).map((item) => ({
        ...toMessage(item),
        popReceipt: item.popReceipt,
      }));
      return { messages, takenAt: taken?.date ?? new Date() };
    },
    async giveBack({ id, popReceipt, text }) {
      await unlessTaken(() => poison.updateMessage(id, popReceipt, text, 0));
    },
    async putIntoWorkQueue({ text }) {
      const put = async () => {
        await putMessage(work, text);
        return true;
      };
      if ((await unlessMissing(put)) === true) return;
      await work.createIfNotExists();
      await put();
    },
    async remove({ id, popReceipt }) {
      await poison.deleteMessage(id, popReceipt);
    },
  };
}

function toMessage({ messageId, messageText, insertedOn, dequeueCount }: PeekedMessageItem): PoisonMessage {
  return { id: messageId, text: messageText, insertedAt: insertedOn, dequeueCount };
}

async function unlessMissing<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof RestError && error.statusCode === 404) return undefined;
    throw error;
  }
}

/** @see https://learn.microsoft.com/rest/api/storageservices/queue-service-error-codes */
async function unlessTaken(call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    const code = error instanceof RestError ? error.code : undefined;
    if (code !== 'MessageNotFound' && code !== 'PopReceiptMismatch') throw error;
  }
}

/** A poison queue, and the work queue that it belongs to. */
import {
  RestError,
  type DequeuedMessageItem,
  type PeekedMessageItem,
  type QueueServiceClient,
} from '@azure/storage-queue';
import { poisonQueueOf, type WorkQueue } from '../../shared/adapters/queues/queue-names.ts';
import { putMessage } from '../../shared/adapters/queues/queue-service.ts';

/** `dequeueCount` is without the failures that brought the message here; `messageText` is never shown. */
export type PoisonMessage = Readonly<
  Pick<PeekedMessageItem, 'messageId' | 'messageText' | 'insertedOn' | 'dequeueCount'>
>;

/** Hidden from other readers until it is given back or deleted, or for two minutes. */
export type TakenMessage = PoisonMessage & Readonly<Pick<DequeuedMessageItem, 'popReceipt'>>;

export type PoisonQueue = ReturnType<typeof openPoisonQueue>;

/** The most that storage allows. */
const numberOfMessages = 32;

/** A missing queue is an empty one: the Functions host creates it when it first needs it. */
export function openPoisonQueue(service: QueueServiceClient, workQueue: WorkQueue, hiddenSeconds = 120) {
  const poison = service.getQueueClient(poisonQueueOf(workQueue));
  const work = service.getQueueClient(workQueue);
  return {
    name: poison.name,
    workQueue,
    /** The first messages, and the approximate number of all, with those that another reader has taken. */
    async peek() {
      const peeked = await unlessMissing(() => poison.peekMessages({ numberOfMessages }));
      const messages: readonly PoisonMessage[] = peeked?.peekedMessageItems ?? [];
      const { approximateMessagesCount = 0 } = (await unlessMissing(() => poison.getProperties())) ?? {};
      return { messages, total: Math.max(messages.length, approximateMessagesCount) };
    },
    /** The next messages, and the time at storage; none when there are no more. */
    async take() {
      const options = { numberOfMessages, visibilityTimeout: hiddenSeconds };
      const taken = await unlessMissing(() => poison.receiveMessages(options));
      const messages: readonly TakenMessage[] = taken?.receivedMessageItems ?? [];
      return { messages, takenAt: taken?.date ?? new Date() };
    },
    /** Does nothing when another reader has taken it meanwhile. */
    async giveBack({ messageId, popReceipt, messageText }: TakenMessage): Promise<void> {
      await unlessTaken(() => poison.updateMessage(messageId, popReceipt, messageText, 0));
    },
    /** Durable in the work queue when it resolves. */
    async putIntoWorkQueue({ messageText }: PoisonMessage): Promise<void> {
      const put = async () => {
        await putMessage(work, messageText);
        return true;
      };
      if ((await unlessMissing(put)) === true) return;
      await work.createIfNotExists();
      await put();
    },
    async remove({ messageId, popReceipt }: TakenMessage): Promise<void> {
      await poison.deleteMessage(messageId, popReceipt);
    },
  };
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

/** A poison queue of Queue Storage, and the work queue that it belongs to. */
import { RestError, type QueueServiceClient } from '@azure/storage-queue';
import type { OpenPoisonQueue, PoisonQueue } from '../../poison/poison-queue.ts';
import { poisonQueueOf, type WorkQueue } from '../../poison/queue-names.ts';
import type { StorageSettings } from '../../config.ts';
import { unlessMissing } from '../storage.ts';
import { putMessage, queueService } from './queue-service.ts';

/** The most that storage allows. */
const numberOfMessages = 32;

/** Sends no request yet. */
export function createPoisonQueues(settings: StorageSettings): OpenPoisonQueue {
  const service = queueService(settings);
  return (queue) => openPoisonQueue(service, queue);
}

/** Sends no request yet. */
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
      const peeked = await unlessMissing(() => poison.peekMessages({ numberOfMessages }));
      return peeked?.peekedMessageItems ?? [];
    },
    async count() {
      const properties = await unlessMissing(() => poison.getProperties());
      return properties?.approximateMessagesCount ?? 0;
    },
    async take() {
      const options = { numberOfMessages, visibilityTimeout: hiddenSeconds };
      const taken = await unlessMissing(() => poison.receiveMessages(options));
      return { messages: taken?.receivedMessageItems ?? [], takenAt: taken?.date ?? new Date() };
    },
    async giveBack({ messageId, popReceipt, messageText }) {
      await unlessTaken(() => poison.updateMessage(messageId, popReceipt, messageText, 0));
    },
    async putIntoWorkQueue({ messageText }) {
      const put = async () => {
        await putMessage(work, messageText);
        return true;
      };
      if ((await unlessMissing(put)) === true) return;
      await work.createIfNotExists();
      await put();
    },
    async remove({ messageId, popReceipt }) {
      await unlessTaken(() => poison.deleteMessage(messageId, popReceipt));
    },
  };
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

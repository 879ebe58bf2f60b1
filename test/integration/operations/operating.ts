/** Reads the queues of the storage emulator, and writes messages as the app does. */
import { QueueServiceClient, type QueueClient } from '@azure/storage-queue';
import { randomUUID } from 'node:crypto';
import { landingStamp } from '../../../shared/landing/landing-names.ts';
import type { IndexRequest } from '../../../shared/landing/work-queues.ts';

export function createQueues(connectionString: string) {
  const service = QueueServiceClient.fromConnectionString(connectionString);
  const open = async (name: string): Promise<QueueClient> => {
    const queue = service.getQueueClient(name);
    await queue.createIfNotExists();
    return queue;
  };
  return {
    service,
    /** Puts a text as it is. Resolves with the message's ID. */
    put: async (name: string, text: string): Promise<string> =>
      (await (await open(name)).sendMessage(text, { messageTimeToLive: -1 })).messageId,
    /** Takes all visible messages. */
    drain: async (name: string): Promise<readonly string[]> => {
      const queue = await open(name);
      const texts: string[] = [];
      for (;;) {
        const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages: 32 });
        if (receivedMessageItems.length === 0) return texts;
        texts.push(...receivedMessageItems.map(({ messageText }) => messageText));
        await Promise.all(
          receivedMessageItems.map(({ messageId, popReceipt }) => queue.deleteMessage(messageId, popReceipt)),
        );
      }
    },
    /** Includes messages that are taken. */
    count: async (name: string): Promise<number> =>
      (await (await open(name)).getProperties()).approximateMessagesCount ?? 0,
    clear: async (name: string): Promise<void> => {
      await (await open(name)).clearMessages();
    },
  };
}

export type Queues = ReturnType<typeof createQueues>;

/** As in the queues. */
export function encoded(message: unknown): string {
  return Buffer.from(JSON.stringify(message)).toString('base64');
}

export function decoded(text: string): unknown {
  return JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
}

export function indexRequest(): IndexRequest {
  const tenantId = randomUUID();
  const landingId = `${landingStamp(new Date('2026-03-02T09:14:07.123Z'))}-${tenantId.replaceAll('-', '').slice(0, 16)}`;
  const blobName = `tenant=${tenantId}/date=2026-03-02/${landingId}.ndjson.gz`;
  return { version: 1, tenantId, landingId, blobName };
}

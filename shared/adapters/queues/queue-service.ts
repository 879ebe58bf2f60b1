/** Queue Storage, and messages in it, as the app and its commands use them. */
import { QueueServiceClient, type QueueClient } from '@azure/storage-queue';
import type { StorageSettings } from '../../config.ts';
import { storageAccess } from '../storage.ts';

/** Sends no request yet. @throws when the connection string is malformed */
export function queueService(settings: StorageSettings): QueueServiceClient {
  const access = storageAccess(settings, 'queue');
  return typeof access === 'string'
    ? QueueServiceClient.fromConnectionString(access)
    : new QueueServiceClient(access.uri, access.credential);
}

/** In the encoding that the Functions host expects: base64 of JSON. */
export function encodeMessage(message: object): string {
  return Buffer.from(JSON.stringify(message)).toString('base64');
}

/**
 * Sends a message that does not expire, however long an outage lasts.
 * @param text in the encoding of {@link encodeMessage}
 * @throws when storage fails or the queue does not exist
 */
export async function putMessage(queue: QueueClient, text: string, delaySeconds = 0): Promise<void> {
  await queue.sendMessage(text, { messageTimeToLive: -1, visibilityTimeout: delaySeconds });
}

/** Queues `raw-blobs` and `poll-requests`, in the encoding the Functions host expects. */
import { QueueServiceClient, RestError, type QueueClient } from '@azure/storage-queue';
import type { StorageSettings } from '../../config.ts';
import { enablementQueue, type EnablementQueue } from '../../enablement/enablement.ts';
import { indexQueue, pollQueue, type WorkQueues } from '../../landing/landing.ts';
import { storageAccess } from '../storage.ts';

export function createWorkQueues(settings: StorageSettings): WorkQueues & EnablementQueue {
  const service = queueService(settings);
  return {
    requestIndexing: (request) => send(service.getQueueClient(indexQueue), request),
    requestPoll: (request, delayMs) => send(service.getQueueClient(pollQueue), request, delayMs),
    requestEnablementStep: (message, delayMs) =>
      send(service.getQueueClient(enablementQueue), message, delayMs),
  };
}

function queueService(settings: StorageSettings): QueueServiceClient {
  const access = storageAccess(settings, 'queue');
  return typeof access === 'string'
    ? QueueServiceClient.fromConnectionString(access)
    : new QueueServiceClient(access.uri, access.credential);
}

async function send(queue: QueueClient, message: object, delayMs = 0): Promise<void> {
  const text = Buffer.from(JSON.stringify(message)).toString('base64');
  // -1: a message waits until somebody handles it, however long an outage lasts.
  const visibilityTimeout = Math.ceil(delayMs / 1000);
  const deliver = () => queue.sendMessage(text, { messageTimeToLive: -1, visibilityTimeout });
  try {
    await deliver();
  } catch (error) {
    if (!(error instanceof RestError) || error.code !== 'QueueNotFound') throw error;
    await queue.createIfNotExists();
    await deliver();
  }
}

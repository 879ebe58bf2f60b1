/** All work queues, in the encoding the Functions host expects. */
import { QueueServiceClient, RestError, type QueueClient } from '@azure/storage-queue';
import type { StorageSettings } from '../../config.ts';
import { enablementQueue, type EnablementQueue } from '../../enablement/enablement.ts';
import { exportQueue, type ExportQueue } from '../../exports/export.ts';
import { indexQueue, pollQueue, type WorkQueues } from '../../landing/landing.ts';
import { tenantCheckQueue, type TenantCheckQueue } from '../../tenants/check-tenant.ts';
import { removalQueue, type RemovalQueue } from '../../tenants/removal.ts';
import { deliveryQueue, type DeliveryQueue } from '../../webhooks/webhook-subscription.ts';
import { storageAccess } from '../storage.ts';

export type AllQueues = WorkQueues &
  EnablementQueue &
  ExportQueue &
  TenantCheckQueue &
  RemovalQueue &
  DeliveryQueue;

export function createWorkQueues(settings: StorageSettings): AllQueues {
  const service = queueService(settings);
  return {
    requestIndexing: (request) => send(service.getQueueClient(indexQueue), request),
    requestPoll: (request, delayMs) => send(service.getQueueClient(pollQueue), request, delayMs),
    requestEnablementStep: (message, delayMs) =>
      send(service.getQueueClient(enablementQueue), message, delayMs),
    requestExportRun: (message, delayMs) => send(service.getQueueClient(exportQueue), message, delayMs),
    requestTenantCheck: (message, delayMs) =>
      send(service.getQueueClient(tenantCheckQueue), message, delayMs),
    requestRemoval: (message, delayMs) => send(service.getQueueClient(removalQueue), message, delayMs),
    requestDelivery: (message, delayMs) => send(service.getQueueClient(deliveryQueue), message, delayMs),
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

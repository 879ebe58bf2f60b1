/** All work queues, in the encoding the Functions host expects. */
import type { QueueClient } from '@azure/storage-queue';
import type { StorageSettings } from '../../config.ts';
import { indexQueue, pollQueue, type WorkQueues } from '../../landing/work-queues.ts';
import { operationQueue, type OperationQueue } from '../../operations/operation.ts';
import { tenantCheckQueue, type TenantCheckQueue } from '../../tenants/check-tenant.ts';
import type { CurrentTrace } from '../../telemetry/invocation-scope.ts';
import type { PoisonDepth, PoisonQueues } from '../../watch/measure-collection.ts';
import type { ChannelQueue, ScheduleQueue } from '../../channels/notifications.ts';
import { notificationQueue, type NotificationQueue } from '../../detection/messages.ts';
import { destinationQueue, type DestinationQueue } from '../../destinations/messages.ts';
import { deliveryQueue, type DeliveryQueue } from '../../webhooks/webhook-subscription.ts';
import { creatingIfMissing, unlessMissing } from '../storage.ts';
import { poisonQueueOf, workQueues, type WorkQueue } from '../../poison/queue-names.ts';
import { encodeMessage, putMessage, queueService } from './queue-service.ts';

export type AllQueues = PoisonQueues &
  WorkQueues &
  OperationQueue &
  TenantCheckQueue &
  DeliveryQueue &
  DestinationQueue &
  NotificationQueue &
  ChannelQueue &
  ScheduleQueue;

/** @param trace of the running code; messages carry it to their handlers */
export function createWorkQueues(
  settings: StorageSettings,
  trace: CurrentTrace = () => undefined,
): AllQueues {
  const service = queueService(settings);
  const sendTo = (name: WorkQueue, message: object, delayMs?: number) =>
    send(service.getQueueClient(name), { ...message, traceparent: trace()?.traceparent }, delayMs);
  return {
    requestIndexing: (request, delayMs) => sendTo(indexQueue, request, delayMs),
    requestPoll: (request, delayMs) => sendTo(pollQueue, request, delayMs),
    requestOperationRun: (message, delayMs) => sendTo(operationQueue, message, delayMs),
    requestTenantCheck: (message, delayMs) => sendTo(tenantCheckQueue, message, delayMs),
    requestDelivery: (message, delayMs) => sendTo(deliveryQueue, message, delayMs),
    requestSending: (message, delayMs) => sendTo(destinationQueue, message, delayMs),
    requestMatter: (message, delayMs) => sendTo(notificationQueue, message, delayMs),
    requestChannel: (message, delayMs) => sendTo(notificationQueue, message, delayMs),
    requestSchedule: (message, delayMs) => sendTo(notificationQueue, message, delayMs),
    requestNotification: (message, delayMs) => sendTo(notificationQueue, message, delayMs),
    poisonDepths: () =>
      Promise.all(workQueues.map((name) => depthOf(service.getQueueClient(poisonQueueOf(name))))),
  };
}

/** The Functions host makes a poison queue when it first needs one. */
async function depthOf(queue: QueueClient): Promise<PoisonDepth> {
  const properties = await unlessMissing(() => queue.getProperties());
  return { queue: queue.name, messages: properties?.approximateMessagesCount ?? 0 };
}

async function send(queue: QueueClient, message: object, delayMs = 0): Promise<void> {
  const create = () => queue.createIfNotExists();
  await creatingIfMissing({ code: 'QueueNotFound', create }, () =>
    putMessage(queue, encodeMessage(message), Math.ceil(delayMs / 1000)),
  );
}

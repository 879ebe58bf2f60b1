/** All work queues; each has a poison queue of its own. */
import * as z from 'zod';
import { indexQueue, pollQueue } from '../landing/work-queues.ts';
import { operationQueue } from '../operations/operation.ts';
import { tenantCheckQueue } from '../tenants/check-tenant.ts';
import { notificationQueue } from '../detection/messages.ts';
import { destinationQueue } from '../destinations/messages.ts';
import { deliveryQueue } from '../webhooks/webhook-subscription.ts';

/** The infrastructure creates the same (checked by its tests). */
export const workQueues = [
  indexQueue,
  pollQueue,
  operationQueue,
  tenantCheckQueue,
  deliveryQueue,
  destinationQueue,
  notificationQueue,
] as const;

export const workQueueSchema = z.enum(workQueues).meta({ id: 'Queue' });

/** A name that does not exist does not compile. */
export type WorkQueue = (typeof workQueues)[number];

/** Where the Functions host puts messages that failed too often. */
export function poisonQueueOf(queue: WorkQueue): `${WorkQueue}-poison` {
  return `${queue}-poison`;
}

/** Deliveries of a message before it is poison; host.json has the same number (checked by a test). */
export const maxDeliveries = 5;

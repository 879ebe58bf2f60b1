/** All work queues; each has a poison queue of its own. */
import { indexQueue, pollQueue } from '../../landing/landing.ts';
import { operationQueue } from '../../operations/operation.ts';
import { tenantCheckQueue } from '../../tenants/check-tenant.ts';
import { deliveryQueue } from '../../webhooks/webhook-subscription.ts';

/** The infrastructure creates the same (checked by its tests). */
export const workQueues = [indexQueue, pollQueue, operationQueue, tenantCheckQueue, deliveryQueue] as const;

/** A name that does not exist does not compile. */
export type WorkQueue = (typeof workQueues)[number];

/** Where the Functions host puts messages that failed too often. */
export function poisonQueueOf(queue: WorkQueue): `${WorkQueue}-poison` {
  return `${queue}-poison`;
}

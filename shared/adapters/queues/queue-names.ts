/** All work queues there are; each has a poison queue beside it. */
import { enablementQueue } from '../../enablement/enablement.ts';
import { exportQueue } from '../../exports/export.ts';
import { indexQueue, pollQueue } from '../../landing/landing.ts';
import { tenantCheckQueue } from '../../tenants/check-tenant.ts';
import { removalQueue } from '../../tenants/removal.ts';
import { deliveryQueue } from '../../webhooks/webhook-subscription.ts';

/** The infrastructure makes the same (checked by its tests). */
export const workQueues = [
  indexQueue,
  pollQueue,
  enablementQueue,
  exportQueue,
  tenantCheckQueue,
  removalQueue,
  deliveryQueue,
] as const;

/** A name that does not exist does not compile. */
export type WorkQueue = (typeof workQueues)[number];

/** Where the Functions host puts messages that failed too often. */
export function poisonQueueOf(queue: WorkQueue): `${WorkQueue}-poison` {
  return `${queue}-poison`;
}

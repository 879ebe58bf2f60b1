/** The calls that Auditkeep makes itself: to the addresses of webhook subscriptions. */
import type * as z from 'zod';
import { eventTypes } from '../webhooks/payload.ts';
import type { Area } from './areas.ts';
import { deliverySchema, testDeliverySchema } from './schemas/triggers.ts';

export interface Notification {
  readonly id: string;
  /** Value of `type` in the body. */
  readonly event: string;
  readonly area: Area;
  readonly summary: string;
  /** Full sentences. */
  readonly description: string;
  readonly body: z.ZodType;
}

const area = 'Webhooks';

export const notifications: readonly Notification[] = [
  {
    id: 'RecordsAdded',
    event: eventTypes.records,
    area,
    body: deliverySchema,
    summary: 'New records',
    description:
      'Sent when records arrive that a subscription asks for, once for each batch, and again until it is answered with 2xx.',
  },
  {
    id: 'SubscriptionTested',
    event: eventTypes.test,
    area,
    body: testDeliverySchema,
    summary: 'Test of a subscription',
    description: 'Sent once for each call of TestSubscription.',
  },
];

/** The feed, saved searches and webhook subscriptions in answers. */
import * as z from 'zod';
import { searchFiltersSchema } from '../../searches/search.ts';
import { contents, disabledReasons } from '../../webhooks/webhook-subscription.ts';
import { recordSchema } from './records.ts';
import { moment } from './times.ts';

export const feedSchema = z
  .strictObject({ value: z.array(recordSchema).meta({ title: 'Records' }) })
  .meta({ id: 'NewRecords' });

export const searchSchema = z
  .strictObject({
    name: z.string(),
    displayName: z.string().optional(),
    filters: searchFiltersSchema.meta({ description: 'The same as the parameters of a list of records.' }),
    lastModifiedDateTime: moment('When it was saved.'),
  })
  .meta({ id: 'SavedSearch' });
export const searchListSchema = z
  .strictObject({ value: z.array(searchSchema) })
  .meta({ id: 'SavedSearchList' });

const members = {
  id: z.guid().meta({ title: 'Subscription ID' }),
  status: z.enum(['active', 'disabled']),
  disabledReason: z.enum(disabledReasons).optional(),
  targetHost: z.string().optional().meta({ description: 'Host of the address that records are sent to.' }),
  content: z.enum(contents),
  filters: searchFiltersSchema.optional(),
  search: z.string().optional().meta({ description: 'Name of the saved search.' }),
  createdBy: z.string(),
  createdDateTime: moment('When it was created.'),
  failures: z.int().meta({ description: 'Number of consecutive failed attempts.' }),
  lastError: z.string().optional(),
  nextAttemptDateTime: moment('When delivery is retried.').optional(),
  lastDeliveryDateTime: moment('When the last delivery succeeded.').optional(),
  oldSecretValidUntil: moment('Deliveries are also signed with the previous secret until then.').optional(),
};

export const subscriptionSchema = z.strictObject(members).meta({ id: 'Subscription' });
export const subscriptionListSchema = z
  .strictObject({ value: z.array(subscriptionSchema) })
  .meta({ id: 'SubscriptionList' });
export const subscriptionWithSecretSchema = z
  .strictObject({ ...members, secret: z.string().meta({ description: 'Shown here and never again.' }) })
  .meta({ id: 'SubscriptionWithSecret' });

export const testResultSchema = z
  .strictObject({
    delivered: z.boolean(),
    result: z.string().meta({ description: "The receiver's status, or why it could not be reached." }),
  })
  .meta({ id: 'SubscriptionTest' });

/** What a webhook trigger's flow gets. */
export const notificationSchema = z
  .strictObject({
    type: z.string(),
    timestamp: moment('When the records were put together.'),
    data: z.strictObject({
      tenantId: z.string().meta({ title: 'Tenant ID' }),
      subscriptionId: z.string().meta({ title: 'Subscription ID' }),
      value: z
        .array(
          z.strictObject({
            ...recordSchema.shape,
            url: z.string().meta({ description: 'Address of the record.' }),
          }),
        )
        .meta({ title: 'Records' }),
    }),
  })
  .meta({ id: 'RecordsNotification' });

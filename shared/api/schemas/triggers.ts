/** The feed, saved searches and webhook subscriptions in answers. */
import * as z from 'zod';
import { eventTypes } from '../../webhooks/payload.ts';
import { contentSchema, disabledReasons } from '../../webhooks/webhook-subscription.ts';
import { bodyFilters } from '../filters-in-bodies.ts';
import { ofTenant } from './of-tenant.ts';
import { newRecordOfTenant, recordSchema } from './records.ts';
import { moment } from './times.ts';

export const feedSchema = z
  .strictObject({ value: z.array(recordSchema).meta({ title: 'Records' }) })
  .meta({ id: 'NewRecords' });

export const feedOfTenantsSchema = z
  .strictObject({ value: z.array(newRecordOfTenant).meta({ title: 'Records' }) })
  .meta({ id: 'NewRecordsOfTenants' });

export const searchSchema = z
  .strictObject({
    name: z.string(),
    displayName: z.string().optional(),
    tenants: z.string().optional().meta({
      description: 'The IDs and tags of tenants that a search of several is about; an asterisk: all.',
    }),
    filters: bodyFilters,
    createdBy: z
      .string()
      .optional()
      .meta({ description: 'Who saved it first and may change it; searches of earlier releases have none.' }),
    lastModifiedDateTime: moment('When it was saved.'),
  })
  .meta({ id: 'SavedSearch' });
export const searchListSchema = z
  .strictObject({ value: z.array(searchSchema) })
  .meta({ id: 'SavedSearchList' });

const members = {
  id: z.guid().meta({ title: 'Subscription ID' }),
  status: z.enum(['active', 'disabled']).meta({ id: 'SubscriptionStatus' }),
  disabledReason: z.enum(disabledReasons).meta({ id: 'SubscriptionDisabledReason' }).optional(),
  targetHost: z.string().optional().meta({ description: 'Host of the address that records are sent to.' }),
  content: contentSchema,
  filters: bodyFilters.optional(),
  search: z.string().optional().meta({ description: 'Name of the saved search.' }),
  tenants: z.string().optional().meta({
    description: 'The IDs and tags of the tenants, if there are several and no search; an asterisk: all.',
  }),
  createdBy: z.string(),
  createdDateTime: moment('When it was created.'),
  failures: z.int().meta({ description: 'Number of consecutive failed attempts.' }),
  lastError: z.string().optional(),
  nextAttemptDateTime: moment('When delivery is retried.').optional(),
  lastDeliveryDateTime: moment('When the last delivery succeeded.').optional(),
  previousSecretExpiresDateTime: moment(
    'Deliveries are also signed with the previous secret until then.',
  ).optional(),
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

const recordUrl = z.string().meta({ description: 'Address of the record.' });
const tenantId = z.guid().meta({ title: 'Tenant ID' });
const deliveredTo = { tenantId, subscriptionId: z.guid().meta({ title: 'Subscription ID' }) };
/** To any receiver. */
const ofAny = {
  tenantId: tenantId
    .optional()
    .meta({ title: 'Tenant ID', description: 'Absent for a subscription to several tenants.' }),
};

function event(type: string, data: z.ZodRawShape, timestamp: string) {
  return z.strictObject({
    type: z.string().meta({ description: `Always ${type}.`, examples: [type] }),
    timestamp: moment(timestamp),
    data: z.strictObject({ ...deliveredTo, ...data }),
  });
}

const { records, test } = eventTypes;
const whenAssembled = 'When the records were put together.';

/** What a webhook trigger's flow gets. */
export const notificationSchema = event(
  records,
  { value: z.array(recordSchema.extend({ url: recordUrl })).meta({ title: 'Records' }) },
  whenAssembled,
).meta({ id: 'RecordsNotification' });

/** The same of a subscription to several tenants. */
export const notificationOfTenantsSchema = event(
  records,
  {
    ...ofAny,
    value: z.array(newRecordOfTenant.extend({ url: recordUrl })).meta({ title: 'Records' }),
  },
  whenAssembled,
).meta({ id: 'RecordsOfTenantsNotification' });

const { id, ...otherMembers } = recordSchema.shape;

/** What any receiver gets: IDs and addresses, or records with all their members. */
export const deliverySchema = event(
  records,
  {
    ...ofAny,
    value: z.array(
      z
        .strictObject({
          id,
          url: recordUrl,
          ...z.object({ ...ofTenant, ...otherMembers }).partial().shape,
        })
        .meta({
          id: 'DeliveredRecord',
          description:
            'Only id and url, unless the subscription asks for records; with tenantId if it is to several tenants.',
        }),
    ),
  },
  whenAssembled,
).meta({ id: 'RecordsDelivery' });

export const testDeliverySchema = event(test, ofAny, 'When the test was requested.').meta({
  id: 'TestDelivery',
});

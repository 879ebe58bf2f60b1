/** Operations on webhook subscriptions. */
import * as z from 'zod';
import { subscriptionBodySchema } from '../webhooks/manage-subscriptions.ts';
import { json, noContent, refusal } from './answers.ts';
import { makerFilters, searchFilters } from './filters-in-bodies.ts';
import { operation, type LinkRequest } from './operation.ts';
import { tenantsInBody, tenantsOfMaker } from './tenants-in-bodies.ts';
import {
  notificationOfTenantsSchema,
  notificationSchema,
  subscriptionListSchema,
  subscriptionSchema,
  subscriptionWithSecretSchema,
  testResultSchema,
} from './schemas/triggers.ts';

const area = 'Webhooks';
const audience = { scope: 'records.read' } as const;
const managed = { scope: 'records.read', managed: true } as const;

export const listSubscriptions = operation('ListSubscriptions', ['GET', 'tenants/{tenantId}/subscriptions'], {
  area,
  audience,
  summary: 'List webhook subscriptions',
  description: 'Lists the webhook subscriptions of a tenant with their status.',
  answers: { 200: json('The subscriptions.', subscriptionListSchema) },
});

const makerSubscription = z.strictObject({
  targetUrl: z.string().meta({
    description: 'Callback address of the flow.',
    'x-ms-notification-url': true,
    'x-ms-visibility': 'internal',
  }),
  content: z.enum(['records']).meta({
    description: 'Records as in lists.',
    default: 'records',
    'x-ms-visibility': 'internal',
  }),
  search: subscriptionBodySchema.shape.search,
  filters: makerFilters.optional(),
});

export const createSubscription = operation(
  'CreateSubscription',
  ['POST', 'tenants/{tenantId}/subscriptions'],
  {
    area,
    audience: managed,
    summary: 'Subscribe to new records',
    description: 'Sends new records to an address, signed as defined by Standard Webhooks.',
    body: subscriptionBodySchema.extend({ filters: searchFilters.optional() }),
    answers: { 201: json('The subscription.', subscriptionWithSecretSchema, ['Location']) },
    connector: {
      visibility: 'none',
      trigger: 'single',
      notification: notificationSchema,
      body: makerSubscription,
      summary: 'When records are delivered',
      description:
        'This operation triggers when records arrive, and receives them immediately instead of polling.',
    },
  },
);

export const getSubscription = operation(
  'GetSubscription',
  ['GET', 'tenants/{tenantId}/subscriptions/{subscriptionId}'],
  {
    area,
    audience,
    summary: 'Get a webhook subscription',
    description: 'Shows a webhook subscription with its status.',
    answers: { 200: json('The subscription.', subscriptionSchema) },
  },
);

export const deleteSubscription = operation(
  'DeleteSubscription',
  ['DELETE', 'tenants/{tenantId}/subscriptions/{subscriptionId}'],
  {
    area,
    audience: {
      scope: 'records.read',
      byLink: ({ path }: LinkRequest) => ({
        purpose: 'deleteSubscription',
        tenantId: path['tenantId'] ?? '',
        subject: path['subscriptionId'] ?? '',
      }),
    },
    summary: 'Delete a webhook subscription',
    description: 'Ends deliveries; succeeds if the subscription does not exist.',
    answers: { 204: noContent('The subscription does not exist anymore.') },
    connector: { visibility: 'internal', without: ['t'] },
  },
);

export const testSubscription = operation(
  'TestSubscription',
  ['POST', 'tenants/{tenantId}/subscriptions/{subscriptionId}/test'],
  {
    area,
    audience: managed,
    summary: 'Test a webhook subscription',
    description: 'Sends a test event, and enables a subscription that was disabled.',
    answers: { 200: json('The outcome.', testResultSchema) },
  },
);

export const rotateSubscriptionSecret = operation(
  'RotateSubscriptionSecret',
  ['POST', 'tenants/{tenantId}/subscriptions/{subscriptionId}/rotateSecret'],
  {
    area,
    audience,
    summary: 'Rotate the secret of a webhook subscription',
    description: 'Creates a new secret; the previous secret also signs for one more day.',
    answers: { 200: json('The subscription with its secret.', subscriptionWithSecretSchema) },
  },
);

/** Whose subscriptions to several tenants are. */
const shared = 'They belong to all callers who may read the same tenants, and no others see them.';

export const listSubscriptionsOfTenants = operation('ListSubscriptionsOfTenants', ['GET', 'subscriptions'], {
  area,
  audience,
  summary: 'List webhook subscriptions to several tenants',
  description: `Lists the webhook subscriptions to several tenants with their status. ${shared}`,
  answers: { 200: json('The subscriptions.', subscriptionListSchema) },
});

export const createSubscriptionOfTenants = operation(
  'CreateSubscriptionOfTenants',
  ['POST', 'subscriptions'],
  {
    area,
    audience,
    summary: 'Subscribe to new records of several tenants',
    description:
      'Sends new records of several tenants to an address, signed as defined by Standard Webhooks; each says whose it is.',
    body: subscriptionBodySchema.extend({
      filters: searchFilters.optional(),
      tenants: tenantsInBody.optional(),
    }),
    answers: {
      201: json('The subscription.', subscriptionWithSecretSchema, ['Location']),
      404: refusal(404),
    },
    connector: {
      visibility: 'none',
      trigger: 'single',
      notification: notificationOfTenantsSchema,
      body: makerSubscription.extend({ tenants: tenantsOfMaker.optional() }),
      summary: 'When records of any tenant are delivered',
      description:
        'This operation triggers when records arrive in any of several tenants, and receives them immediately instead of polling.',
    },
  },
);

export const getSubscriptionOfTenants = operation(
  'GetSubscriptionOfTenants',
  ['GET', 'subscriptions/{subscriptionId}'],
  {
    area,
    audience,
    summary: 'Get a webhook subscription to several tenants',
    description: 'Shows a webhook subscription to several tenants with its status.',
    answers: { 200: json('The subscription.', subscriptionSchema) },
  },
);

export const deleteSubscriptionOfTenants = operation(
  'DeleteSubscriptionOfTenants',
  ['DELETE', 'subscriptions/{subscriptionId}'],
  {
    area,
    audience: {
      scope: 'records.read',
      byLink: ({ path }: LinkRequest) => ({
        purpose: 'deleteSubscription',
        tenantId: undefined,
        subject: path['subscriptionId'] ?? '',
      }),
    },
    summary: 'Delete a webhook subscription to several tenants',
    description: 'Ends deliveries; succeeds if the subscription does not exist.',
    answers: { 204: noContent('The subscription does not exist anymore.') },
    connector: { visibility: 'internal', without: ['t'] },
  },
);

export const testSubscriptionOfTenants = operation(
  'TestSubscriptionOfTenants',
  ['POST', 'subscriptions/{subscriptionId}/test'],
  {
    area,
    audience,
    summary: 'Test a webhook subscription to several tenants',
    description: 'Sends a test event, and enables a subscription that was disabled.',
    answers: { 200: json('The outcome.', testResultSchema) },
  },
);

export const rotateSubscriptionSecretOfTenants = operation(
  'RotateSubscriptionSecretOfTenants',
  ['POST', 'subscriptions/{subscriptionId}/rotateSecret'],
  {
    area,
    audience,
    summary: 'Rotate the secret of a webhook subscription to several tenants',
    description: 'Creates a new secret; the previous secret also signs for one more day.',
    answers: { 200: json('The subscription with its secret.', subscriptionWithSecretSchema) },
  },
);

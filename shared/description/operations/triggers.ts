/** Operations on the feed, saved searches and webhook subscriptions. */
import * as z from 'zod';
import { listParameters } from '../../query/record-query.ts';
import { searchBodySchema } from '../../searches/change-search.ts';
import { subscriptionBodySchema } from '../../webhooks/manage-subscriptions.ts';
import { recordListSchema } from '../answers/records.ts';
import {
  feedSchema,
  notificationSchema,
  searchListSchema,
  searchSchema,
  subscriptionListSchema,
  subscriptionSchema,
  subscriptionWithSecretSchema,
  testResultSchema,
} from '../answers/triggers.ts';
import { refusal } from '../complete.ts';
import type { Operation } from '../operation.ts';
import {
  bodyFilters,
  cost,
  goesOn,
  id,
  ifMatch,
  json,
  makerFilters,
  ofTenant,
  pageParameters,
  searchName,
  token,
} from './parameters.ts';

const audience = { scope: 'records.read' } as const;
const byLink = { scope: 'records.read', orLink: true } as const;

const place = z.object({
  triggerState: z.string().optional().meta({ description: 'Where to go on; it stands in Location.' }),
  start: z.enum(['now', 'beginning']).optional().meta({
    title: 'Start',
    description: 'Where a first call begins: behind everything there is, or before it.',
  }),
  t: token,
});
const feedResponses = {
  200: json('New records; Location goes on behind them.', feedSchema, goesOn),
  202: { description: 'Nothing new; Location goes on from here.', headers: goesOn },
};
const hidden = ['triggerState', 't', 'start', 'select'];

const searches = 'tenants/{tenantId}/searches';
const ofSearch = z.object({ ...ofTenant.shape, name: searchName });

const feedOperations: readonly Operation[] = [
  {
    ...{ operationId: 'PollRecords', method: 'GET', route: 'tenants/{tenantId}/records-feed', area: 'Feed' },
    audience: byLink,
    summary: 'Read new records',
    description: 'Reads records in the order of their ingestion, so that late ones are not missed.',
    parameters: z.object({
      ...ofTenant.shape,
      ...listParameters.omit({ orderby: true, skiptoken: true }).shape,
      ...place.shape,
    }),
    responses: feedResponses,
    connector: {
      ...{ visibility: 'important', trigger: 'batch', without: hidden },
      summary: 'When records arrive',
      description:
        'This operation triggers when records arrive that pass all filters, however late they come.',
    },
  },
  {
    ...{ operationId: 'PollSearch', method: 'GET', route: `${searches}/{name}/feed`, area: 'Feed' },
    audience: byLink,
    summary: 'Read new records of a saved search',
    description: 'Reads records that a saved search finds in the order of their ingestion.',
    parameters: z.object({
      ...ofSearch.shape,
      ...pageParameters.pick({ top: true, select: true }).shape,
      ...place.shape,
    }),
    responses: feedResponses,
    connector: {
      ...{ visibility: 'none', trigger: 'batch', without: hidden },
      summary: 'When a saved search finds records',
      description: 'This operation triggers when records arrive that a saved search finds.',
    },
  },
];

const searchOperations: readonly Operation[] = [
  {
    ...{ operationId: 'ListSearches', method: 'GET', route: searches, area: 'Saved searches', audience },
    summary: 'List saved searches',
    description: 'Lists the saved searches of a tenant.',
    parameters: ofTenant,
    responses: { 200: json('The searches.', searchListSchema) },
    connector: { visibility: 'advanced' },
  },
  {
    ...{ operationId: 'GetSearch', method: 'GET', route: `${searches}/{name}`, area: 'Saved searches' },
    audience,
    summary: 'Get a saved search',
    description: 'Shows a saved search.',
    parameters: ofSearch,
    responses: { 200: json('The search.', searchSchema, ['ETag']) },
    connector: { visibility: 'advanced' },
  },
  {
    ...{ operationId: 'SaveSearch', method: 'PUT', route: `${searches}/{name}`, area: 'Saved searches' },
    audience,
    summary: 'Save a search',
    description: 'Saves filters under a name.',
    parameters: ofSearch,
    headers: ifMatch.extend({
      'If-None-Match': z.string().optional().meta({ description: 'An asterisk: only where there is none.' }),
    }),
    body: searchBodySchema.extend({ filters: bodyFilters }),
    responses: {
      200: json('It was there, and is changed.', searchSchema, ['ETag']),
      201: json('It is new.', searchSchema, ['ETag', 'Location']),
      409: refusal(409),
      412: refusal(412),
    },
    connector: { visibility: 'advanced', body: searchBodySchema.extend({ filters: makerFilters }) },
  },
  {
    ...{ operationId: 'DeleteSearch', method: 'DELETE', route: `${searches}/{name}`, area: 'Saved searches' },
    audience,
    summary: 'Delete a saved search',
    description: 'Deletes a saved search; one that is not there is success.',
    parameters: ofSearch,
    headers: ifMatch,
    responses: {
      204: { description: 'There is none of this name any more.' },
      412: refusal(412),
    },
    connector: { visibility: 'advanced' },
  },
  {
    ...{ operationId: 'ListRecordsOfSearch', method: 'GET', route: `${searches}/{name}/records` },
    ...{ area: 'Saved searches', audience },
    summary: 'List records of a saved search',
    description: 'Lists the records that a saved search finds, newest first, page by page.',
    parameters: z.object({
      ...ofSearch.shape,
      ...listParameters.pick({ from: true, to: true }).shape,
      ...pageParameters.shape,
    }),
    responses: { 200: json('A page of records.', recordListSchema, cost) },
    connector: { visibility: 'none', pageable: true },
  },
];

const subscriptions = 'tenants/{tenantId}/subscriptions';
const subscriptionId = id('Subscription ID', 'Id of the subscription.');
const ofSubscription = z.object({ ...ofTenant.shape, subscriptionId });

const makerSubscription = z.strictObject({
  targetUrl: z.string().meta({
    description: 'Where the flow listens.',
    'x-ms-notification-url': true,
    'x-ms-visibility': 'internal',
  }),
  content: z.enum(['records']).meta({
    description: 'Records as lists show them.',
    default: 'records',
    'x-ms-visibility': 'internal',
  }),
  ...subscriptionBodySchema.pick({ search: true }).shape,
  filters: makerFilters.optional(),
});

const subscriptionOperations: readonly Operation[] = [
  {
    ...{ operationId: 'ListSubscriptions', method: 'GET', route: subscriptions, area: 'Webhooks', audience },
    summary: 'List webhook subscriptions',
    description: 'Lists the webhook subscriptions of a tenant, and how they do.',
    parameters: ofTenant,
    responses: { 200: json('The subscriptions.', subscriptionListSchema) },
  },
  {
    ...{
      operationId: 'CreateSubscription',
      method: 'POST',
      route: subscriptions,
      area: 'Webhooks',
      audience,
    },
    summary: 'Subscribe to new records',
    description: 'Has new records sent to an address, signed as Standard Webhooks has it.',
    parameters: ofTenant,
    body: subscriptionBodySchema.extend({ filters: bodyFilters.optional() }),
    responses: { 201: json('The subscription.', subscriptionWithSecretSchema, ['Location']) },
    connector: {
      ...{ visibility: 'none', trigger: 'single', notification: notificationSchema },
      body: makerSubscription,
      summary: 'When records are delivered',
      description:
        'This operation triggers when records arrive, and gets them at once rather than by asking.',
    },
  },
  {
    ...{ operationId: 'GetSubscription', method: 'GET', route: `${subscriptions}/{subscriptionId}` },
    ...{ area: 'Webhooks', audience },
    summary: 'Get a webhook subscription',
    description: 'Shows a webhook subscription, and how it does.',
    parameters: ofSubscription,
    responses: { 200: json('The subscription.', subscriptionSchema) },
  },
  {
    ...{ operationId: 'DeleteSubscription', method: 'DELETE', route: `${subscriptions}/{subscriptionId}` },
    ...{ area: 'Webhooks', audience: byLink },
    summary: 'Delete a webhook subscription',
    description: 'Ends deliveries; a subscription that is not there is success.',
    parameters: ofSubscription.extend({ t: token }),
    responses: { 204: { description: 'There is no such subscription any more.' } },
    connector: { visibility: 'internal', without: ['t'] },
  },
  {
    ...{ operationId: 'TestSubscription', method: 'POST', route: `${subscriptions}/{subscriptionId}/test` },
    ...{ area: 'Webhooks', audience },
    summary: 'Test a webhook subscription',
    description: 'Sends a test, and puts a subscription back to work that was disabled.',
    parameters: ofSubscription,
    responses: { 200: json('What came of it.', testResultSchema) },
  },
  {
    ...{ operationId: 'RotateSubscriptionSecret', method: 'POST', area: 'Webhooks', audience },
    route: `${subscriptions}/{subscriptionId}/rotateSecret`,
    summary: 'Renew the secret of a webhook subscription',
    description: 'Makes a new secret; the one so far signs for a day, too.',
    parameters: ofSubscription,
    responses: { 200: json('The subscription with its secret.', subscriptionWithSecretSchema) },
  },
];

export const triggerOperations: readonly Operation[] = [
  ...feedOperations,
  ...searchOperations,
  ...subscriptionOperations,
];

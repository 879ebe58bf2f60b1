/** Table `WebhookSubscriptions`: a row per subscription of a tenant; deliveries change it as a whole or not at all. */
import * as z from 'zod';
import { searchFiltersSchema } from '../../searches/search.ts';
import {
  contents,
  disabledReasons,
  type StoredSubscription,
  type SubscriptionStore,
  type WebhookSubscription,
} from '../../webhooks/webhook-subscription.ts';
import { dateColumn, jsonColumn } from './columns.ts';
import { openRows } from './rows.ts';
import { ifUnchanged, type Tables } from './tables.ts';

const position = z.object({ sequence: z.number(), line: z.number() });

const lease = z.object({ holder: z.string(), until: dateColumn, notified: z.boolean().default(false) });

const columns = z.object({
  createdBy: z.string(),
  createdDateTime: dateColumn,
  sealedTarget: z.string(),
  baseUrl: z.string(),
  content: z.enum(contents),
  wanted: jsonColumn(z.union([z.object({ filters: searchFiltersSchema }), z.object({ search: z.string() })])),
  position: jsonColumn(position),
  pending: jsonColumn(z.object({ to: position, at: dateColumn })).optional(),
  generation: z.number(),
  overlapUntil: dateColumn.optional(),
  failures: z.number(),
  nextAttemptAt: dateColumn.optional(),
  lastDeliveryAt: dateColumn.optional(),
  lastError: z.string().optional(),
  disabled: z.enum(disabledReasons).optional(),
  lease: jsonColumn(lease).optional(),
});

export function createSubscriptionStore(tables: Tables): SubscriptionStore {
  const rows = openRows(tables, {
    table: 'WebhookSubscriptions',
    columns,
    toRow: (subscription, { partitionKey, rowKey, etag }): StoredSubscription => ({
      ...subscription,
      tenantId: partitionKey,
      subscriptionId: rowKey,
      etag,
    }),
  });
  return {
    get: (tenantId, subscriptionId) => rows.get(keyOf({ tenantId, subscriptionId })),
    list: (tenantId) => rows.partition(tenantId),
    async create(subscription) {
      await rows.create(keyOf(subscription), subscription);
    },
    async update(before, changes) {
      const after = { ...before, ...changes };
      const etag = await ifUnchanged(() => rows.replace(keyOf(before), after, before.etag));
      return etag === undefined ? undefined : { ...after, etag };
    },
    remove: (tenantId, subscriptionId) => rows.remove(keyOf({ tenantId, subscriptionId })),
  };
}

function keyOf({ tenantId, subscriptionId }: Pick<WebhookSubscription, 'tenantId' | 'subscriptionId'>) {
  return { partitionKey: tenantId, rowKey: subscriptionId };
}

/** Table `WebhookSubscriptions`: a row per subscription of a tenant; deliveries change it as a whole or not at all. */
import {
  leaseSchema,
  pendingSchema,
  subscriptionSchema,
  type StoredSubscription,
  type SubscriptionStore,
  type WebhookSubscription,
} from '../../webhooks/webhook-subscription.ts';
import { jsonColumn } from './columns.ts';
import { openRows } from './rows.ts';
import { ifUnchanged, type Tables } from './tables.ts';

const { wanted, position } = subscriptionSchema.shape;

const columns = subscriptionSchema.omit({ tenantId: true, subscriptionId: true }).extend({
  wanted: jsonColumn(wanted),
  position: jsonColumn(position),
  pending: jsonColumn(pendingSchema).optional(),
  lease: jsonColumn(leaseSchema).optional(),
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
      if (!(await rows.createOwn(keyOf(subscription), subscription)))
        throw new Error('Another webhook subscription has this ID.');
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

/**
 * Table `WebhookSubscriptions`: a row per subscription, in the partition of its owner; deliveries change it as a whole or
 * not at all.
 */
import { odata } from '@azure/data-tables';
import { leaseSchema } from '../../deliveries/lease.ts';
import {
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

const columns = subscriptionSchema.omit({ owner: true, subscriptionId: true }).extend({
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
      owner: partitionKey,
      subscriptionId: rowKey,
      etag,
    }),
  });
  return {
    get: (owner, subscriptionId) => rows.get(keyOf({ owner, subscriptionId })),
    list: (owner) => rows.partition(owner),
    // Others have no such column. The table is small, and hosts remember what they read.
    listOfSets: () => rows.all(odata`boundTo ge ${''}`),
    async create(subscription) {
      if (!(await rows.createOwn(keyOf(subscription), subscription)))
        throw new Error('Another webhook subscription has this ID.');
    },
    async update(before, changes) {
      const after = { ...before, ...changes };
      const etag = await ifUnchanged(() => rows.replace(keyOf(before), after, before.etag));
      return etag === undefined ? undefined : { ...after, etag };
    },
    remove: (owner, subscriptionId) => rows.remove(keyOf({ owner, subscriptionId })),
  };
}

function keyOf({ owner, subscriptionId }: Pick<WebhookSubscription, 'owner' | 'subscriptionId'>) {
  return { partitionKey: owner, rowKey: subscriptionId };
}

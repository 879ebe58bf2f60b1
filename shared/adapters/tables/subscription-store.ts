/** Table `WebhookSubscriptions`: a row per subscription of a tenant; deliveries change it as a whole or not at all. */
import { odata, type TableEntity } from '@azure/data-tables';
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
import { ifUnchanged, type StoredEntity, type Tables } from './tables.ts';

const table = 'WebhookSubscriptions';

const position = z.object({ sequence: z.number(), line: z.number() });

const lease = z.object({ holder: z.string(), until: dateColumn, notified: z.boolean().default(false) });

const row = z.object({
  partitionKey: z.string(),
  rowKey: z.string(),
  etag: z.string(),
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
  return {
    async get(tenantId, subscriptionId) {
      const entity = await tables.get(table, tenantId, subscriptionId);
      return entity === undefined ? undefined : toSubscription(entity);
    },
    async list(tenantId) {
      return (await tables.all(table, { filter: odata`PartitionKey eq ${tenantId}` })).map(toSubscription);
    },
    async create(subscription) {
      await tables.write(table, (client) => client.createEntity(toEntity(subscription)));
    },
    async update({ etag, ...before }, changes) {
      const after = { ...before, ...changes };
      const written = await ifUnchanged(() =>
        tables.write(table, (client) => client.updateEntity(toEntity(after), 'Replace', { etag })),
      );
      return written && { ...after, etag: written.etag ?? '' };
    },
    remove: (tenantId, subscriptionId) => tables.remove(table, tenantId, subscriptionId),
  };
}

/** Absent members have no column; structured ones are JSON. */
function toEntity(subscription: WebhookSubscription): TableEntity {
  const { tenantId, subscriptionId, ...members } = subscription;
  const columns: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(members)) {
    if (value !== undefined) columns[name] = columnOf(value);
  }
  return { ...columns, partitionKey: tenantId, rowKey: subscriptionId };
}

function columnOf(value: string | number | object): string | number {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

function toSubscription(entity: StoredEntity): StoredSubscription {
  const { partitionKey, rowKey, ...subscription } = row.parse(entity);
  return { ...subscription, tenantId: partitionKey, subscriptionId: rowKey };
}

/** Table `Tenants`: one row a tenant, all in one partition, as the timer lists all of them at every tick. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import {
  pollStateSchema,
  tenantSchema,
  type StoredTenant,
  type TenantChanges,
  type TenantStore,
} from '../../tenants/tenant.ts';
import { dateColumn, jsonColumn } from './columns.ts';
import { openRows } from './rows.ts';
import { isWritten, type StoredEntity, type Tables } from './tables.ts';

const { state, checks, domains, tags, contentTypes, subscriptions, backfilled, ...kept } = tenantSchema.shape;
const columns = tenantSchema
  .omit({ tenantId: true, poll: true })
  .extend(pollStateSchema.shape)
  .extend({
    state: state.default('Active'),
    checks: jsonColumn(checks).default([]),
    domains: jsonColumn(domains.unwrap()).optional(),
    tags: jsonColumn(tags.unwrap()).optional(),
    contentTypes: jsonColumn(contentTypes),
    subscriptions: jsonColumn(subscriptions),
    backfilled: jsonColumn(backfilled.unwrap()).optional(),
    retention: jsonColumn(kept.retention.unwrap()).optional(),
    retained: jsonColumn(kept.retained.unwrap()).optional(),
    retentionProgress: jsonColumn(kept.retentionProgress.unwrap()).optional(),
    policyEnablement: jsonColumn(kept.policyEnablement.unwrap()).optional(),
    repairDrift: z.boolean().default(false),
    removalId: z.string().optional(),
    leasedUntil: dateColumn.optional(),
    leaseHolder: z.string().optional(),
  });

export function createTenantStore(tables: Tables): TenantStore {
  const rows = openRows(tables, { table: 'Tenants', columns, toRow: toTenant });
  const change = (tenantId: string, changes: TenantChanges, etag?: string) =>
    rows.merge(keyOf(tenantId), membersOf(changes), etag);
  return {
    list: () => rows.partition(partitionKey),
    get: (tenantId) => rows.get(keyOf(tenantId)),
    create: ({ tenantId, createdDateTime, ...rest }) =>
      isWritten(() => rows.create(keyOf(tenantId), { ...membersOf(rest), createdDateTime })),
    async update(tenantId, changes) {
      await change(tenantId, changes);
    },
    updateIfUnchanged: ({ tenantId, etag }, changes) => isWritten(() => change(tenantId, changes, etag)),
    remove: ({ tenantId, etag }) => isWritten(() => rows.remove(keyOf(tenantId), etag)),
    async lease({ tenantId, etag, leasedUntil }, until, now) {
      if (leasedUntil !== undefined && leasedUntil > now) return false;
      const leaseHolder = randomUUID();
      const leased = { leasedUntil: until, leaseHolder };
      if (await isWritten(() => rows.merge(keyOf(tenantId), leased, etag))) return true;
      // This call may have written it, and the answer was lost.
      return (await rows.get(keyOf(tenantId)))?.leaseHolder === leaseHolder;
    },
  };
}

const partitionKey = 'tenant';

function keyOf(rowKey: string) {
  return { partitionKey, rowKey };
}

function membersOf({ poll, ...changes }: TenantChanges) {
  // Merging cannot remove a column: an empty text stands for "none".
  const polled = poll && { ...poll, lastError: poll.lastError ?? '' };
  return { ...changes, ...polled };
}

function toTenant(tenant: z.output<typeof columns>, { rowKey, etag }: StoredEntity): StoredTenant {
  const { nextPollAt, quietPolls, lastPollAt, messagesSentThrough, lastError, leasedUntil, ...rest } = tenant;
  const error = lastError === '' ? undefined : lastError;
  const poll = { nextPollAt, quietPolls, lastPollAt, messagesSentThrough, lastError: error };
  return { ...rest, tenantId: rowKey, etag, leasedUntil, poll };
}

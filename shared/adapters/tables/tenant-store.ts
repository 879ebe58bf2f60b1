/** Table `Tenants`: one row a tenant, all in one partition, for the timer lists them all at every tick. */
import { odata } from '@azure/data-tables';
import * as z from 'zod';
import { cloudSchema } from '../../activity/clouds.ts';
import { contentTypeSchema } from '../../activity/content-types.ts';
import { tenantCheckSchema } from '../../tenants/tenant-check.ts';
import {
  tenantStates,
  type PollState,
  type StoredTenant,
  type TenantChanges,
  type TenantStore,
} from '../../tenants/tenant.ts';
import { dateColumn, jsonColumn } from './columns.ts';
import { isConflict, isMissing, type StoredEntity, type Tables } from './tables.ts';

const table = 'Tenants';
const partitionKey = 'tenant';

const row = z.object({
  rowKey: z.string(),
  etag: z.string(),
  displayName: z.string(),
  domain: z.string().optional(),
  state: z.enum(tenantStates).default('Active'),
  checks: jsonColumn(z.array(tenantCheckSchema)).default([]),
  removalId: z.string().optional(),
  cloud: cloudSchema,
  contentTypes: jsonColumn(z.array(contentTypeSchema)),
  createdDateTime: dateColumn,
  subscriptions: jsonColumn(
    z.array(
      z.object({
        contentType: contentTypeSchema,
        enabled: z.boolean(),
        errorCode: z.string().optional(),
        errorMessage: z.string().optional(),
      }),
    ),
  ),
  nextPollAt: dateColumn,
  quietPolls: z.number(),
  lastPollAt: dateColumn.optional(),
  lastError: z.string().optional(),
  leasedUntil: dateColumn.optional(),
  repairDrift: z.boolean().default(false),
});

export function createTenantStore(tables: Tables): TenantStore {
  return {
    async list() {
      const entities = await tables.all(table, { filter: odata`PartitionKey eq ${partitionKey}` });
      return entities.map(toTenant);
    },
    async get(tenantId) {
      const entity = await tables.get(table, partitionKey, tenantId);
      return entity === undefined ? undefined : toTenant(entity);
    },
    async create({ tenantId, createdDateTime, ...changes }) {
      const entity = { ...columns(changes), createdDateTime: createdDateTime.toISOString() };
      return await unlessConflict(() =>
        tables.write(table, (client) => client.createEntity({ partitionKey, rowKey: tenantId, ...entity })),
      );
    },
    async update(tenantId, changes) {
      const entity = { partitionKey, rowKey: tenantId, ...columns(changes) };
      await tables.write(table, (client) => client.updateEntity(entity, 'Merge'));
    },
    async updateIfUnchanged({ tenantId, etag }, changes) {
      const entity = { partitionKey, rowKey: tenantId, ...columns(changes) };
      return await ifUnchanged(() =>
        tables.write(table, (client) => client.updateEntity(entity, 'Merge', { etag })),
      );
    },
    remove: ({ tenantId, etag }) =>
      ifUnchanged(() =>
        tables.write(table, (client) => client.deleteEntity(partitionKey, tenantId, { etag })),
      ),
    async lease(tenant, until, now) {
      if (tenant.leasedUntil !== undefined && tenant.leasedUntil > now) return false;
      const entity = { partitionKey, rowKey: tenant.tenantId, leasedUntil: until.toISOString() };
      return await ifUnchanged(() =>
        tables.write(table, (client) => client.updateEntity(entity, 'Merge', { etag: tenant.etag })),
      );
    },
  };
}

async function unlessConflict(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (isConflict(error)) return false;
    throw error;
  }
}

/** A write on the condition that the row is as it was read: one that is gone has changed, too. */
async function ifUnchanged(write: () => Promise<unknown>): Promise<boolean> {
  try {
    return await unlessConflict(write);
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function columns(changes: TenantChanges) {
  const { displayName, domain, state, cloud, repairDrift, removalId } = changes;
  const { poll, leasedUntil, contentTypes, subscriptions, checks } = changes;
  return {
    // The library leaves out what is undefined.
    ...{ displayName, domain, state, cloud, repairDrift, removalId },
    ...(contentTypes === undefined ? {} : { contentTypes: JSON.stringify(contentTypes) }),
    ...(subscriptions === undefined ? {} : { subscriptions: JSON.stringify(subscriptions) }),
    ...(checks === undefined ? {} : { checks: JSON.stringify(checks) }),
    ...(leasedUntil === undefined ? {} : { leasedUntil: leasedUntil.toISOString() }),
    ...(poll === undefined ? {} : pollColumns(poll)),
  };
}

function pollColumns({ nextPollAt, quietPolls, lastPollAt, lastError }: PollState) {
  return {
    nextPollAt: nextPollAt.toISOString(),
    quietPolls,
    // Merging cannot remove a column: an empty text stands for "none".
    lastError: lastError ?? '',
    ...(lastPollAt === undefined ? {} : { lastPollAt: lastPollAt.toISOString() }),
  };
}

function toTenant(entity: StoredEntity): StoredTenant {
  const { rowKey, nextPollAt, quietPolls, lastPollAt, lastError, ...rest } = row.parse(entity);
  return {
    ...rest,
    tenantId: rowKey,
    leasedUntil: rest.leasedUntil,
    poll: { nextPollAt, quietPolls, lastPollAt, lastError: lastError === '' ? undefined : lastError },
  };
}

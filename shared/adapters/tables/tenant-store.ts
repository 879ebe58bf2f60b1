/** Table `Tenants`: one row a tenant, all in one partition, as the timer lists all of them at every tick. */
import { odata, type TableClient } from '@azure/data-tables';
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
import { ifUnchanged, type StoredEntity, type Tables } from './tables.ts';

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
  const isWritten = async (write: (client: TableClient) => Promise<object>) =>
    (await ifUnchanged(() => tables.write(table, write))) !== undefined;
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
      return await isWritten((client) => client.createEntity({ partitionKey, rowKey: tenantId, ...entity }));
    },
    async update(tenantId, changes) {
      const entity = { partitionKey, rowKey: tenantId, ...columns(changes) };
      await tables.write(table, (client) => client.updateEntity(entity, 'Merge'));
    },
    async updateIfUnchanged({ tenantId, etag }, changes) {
      const entity = { partitionKey, rowKey: tenantId, ...columns(changes) };
      return await isWritten((client) => client.updateEntity(entity, 'Merge', { etag }));
    },
    remove: ({ tenantId, etag }) =>
      isWritten((client) => client.deleteEntity(partitionKey, tenantId, { etag })),
    async lease(tenant, until, now) {
      if (tenant.leasedUntil !== undefined && tenant.leasedUntil > now) return false;
      const entity = { partitionKey, rowKey: tenant.tenantId, leasedUntil: until.toISOString() };
      return await isWritten((client) => client.updateEntity(entity, 'Merge', { etag: tenant.etag }));
    },
  };
}

function columns(changes: TenantChanges) {
  const { displayName, domain, state, cloud, repairDrift, removalId } = changes;
  const { poll, leasedUntil, contentTypes, subscriptions, checks } = changes;
  return {
    // The library omits undefined columns.
    displayName,
    domain,
    state,
    cloud,
    repairDrift,
    removalId,
    contentTypes: contentTypes && JSON.stringify(contentTypes),
    subscriptions: subscriptions && JSON.stringify(subscriptions),
    checks: checks && JSON.stringify(checks),
    leasedUntil: leasedUntil?.toISOString(),
    ...(poll && pollColumns(poll)),
  };
}

function pollColumns({ nextPollAt, quietPolls, lastPollAt, lastError }: PollState) {
  return {
    nextPollAt: nextPollAt.toISOString(),
    quietPolls,
    // Merging cannot remove a column: an empty text stands for "none".
    lastError: lastError ?? '',
    lastPollAt: lastPollAt?.toISOString(),
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

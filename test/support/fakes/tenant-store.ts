/** Tenants in memory. */
import type { StoredTenant, Tenant, TenantChanges, TenantStore } from '../../../shared/tenants/tenant.ts';

export function createFakeTenantStore(tenants: readonly Tenant[] = []): TenantStore {
  const rows = new Map<string, StoredTenant>();
  let version = 0;
  const put = (tenant: Tenant & { readonly leasedUntil: Date | undefined }): void => {
    version += 1;
    rows.set(tenant.tenantId, { ...tenant, etag: `v${version}` });
  };
  for (const tenant of tenants) put({ ...tenant, leasedUntil: undefined });
  return {
    list: async () =>
      await Promise.resolve([...rows.values()].sort((a, b) => (a.tenantId < b.tenantId ? -1 : 1))),
    get: async (tenantId) => await Promise.resolve(rows.get(tenantId)),
    create: async (tenant) => {
      const isNew = !rows.has(tenant.tenantId);
      if (isNew) put({ ...tenant, leasedUntil: undefined });
      return await Promise.resolve(isNew);
    },
    update: async (tenantId, changes) => {
      const before = rows.get(tenantId);
      if (before === undefined) throw new Error('There is no such tenant to update.');
      put({ ...before, ...named(changes) });
      await Promise.resolve();
    },
    updateIfUnchanged: async ({ tenantId, etag }, changes) => {
      const current = rows.get(tenantId);
      if (current?.etag !== etag) return await Promise.resolve(false);
      put({ ...current, ...named(changes) });
      return await Promise.resolve(true);
    },
    remove: async ({ tenantId, etag }) => {
      if (rows.get(tenantId)?.etag !== etag) return await Promise.resolve(false);
      return await Promise.resolve(rows.delete(tenantId));
    },
    lease: async (tenant, until, now) => {
      const current = rows.get(tenant.tenantId);
      const held = tenant.leasedUntil !== undefined && tenant.leasedUntil > now;
      if (held || current?.etag !== tenant.etag) return false;
      put({ ...current, leasedUntil: until });
      return await Promise.resolve(true);
    },
  };
}

/** A member that is undefined is not named. */
function named(changes: TenantChanges): TenantChanges {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

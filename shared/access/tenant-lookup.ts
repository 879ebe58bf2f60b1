/** Tenants as they were when they were last read. */
import { LRUCache } from 'lru-cache';
import type { StoredTenant, TenantStore } from '../tenants/tenant.ts';
import type { Scope } from './api-keys.ts';
import { holds, isBoundToTags, maySee, maySeeById, tenantsOf, type Caller } from './caller.ts';
import { contains, mayContain } from './tenant-set.ts';

export interface TenantLookup {
  /** A tenant that was just registered is found immediately. */
  tenantOf(tenantId: string): Promise<StoredTenant | undefined>;
  /**
   * The tenant, if the caller may see it. One that does not exist causes the same reads as one that is hidden from the
   * caller.
   */
  visibleTo(caller: Caller, tenantId: string): Promise<StoredTenant | undefined>;
  /** The tenant, if it is in the set and the caller has the scope in it. */
  memberFor(caller: Caller, wanted: WantedMember): Promise<StoredTenant | undefined>;
}

/** A tenant that is wanted only if it is in a set. */
export interface WantedMember {
  /** A set of tenants, as `canonicalSet` writes it. */
  readonly tenants: string;
  readonly tenantId: string;
  readonly scope: Scope;
}

/** A removed tenant may still be served for this long, and one that lost its tag to those who see it by the tag. */
const cacheMs = 60_000;
const cachedTenants = 1000;

export function createTenantLookup(store: Pick<TenantStore, 'get'>): TenantLookup {
  const tenants = new LRUCache<string, StoredTenant>({
    max: cachedTenants,
    ttl: cacheMs,
    // Absent tenants are not cached.
    fetchMethod: (tenantId) => store.get(tenantId),
  });
  const find = async (
    tenantId: string,
    isWanted: (tenant: StoredTenant) => boolean,
  ): Promise<StoredTenant | undefined> => {
    const cached = tenants.has(tenantId) ? await tenants.fetch(tenantId) : undefined;
    if (cached !== undefined && isWanted(cached)) return cached;
    // It may have got its tag a moment ago.
    const found = await tenants.fetch(tenantId, { forceRefresh: true });
    return found !== undefined && isWanted(found) ? found : undefined;
  };
  return {
    tenantOf: (tenantId) => tenants.fetch(tenantId),
    async visibleTo(caller, tenantId) {
      if (!maySeeById(caller, tenantId) && !isBoundToTags(caller)) return undefined;
      return await find(tenantId, (tenant) => maySee(caller, tenant));
    },
    async memberFor(caller, { tenants: set, tenantId, scope }) {
      const granted = tenantsOf(caller, scope);
      if (granted === undefined || !mayContain(granted, tenantId) || !mayContain(set, tenantId))
        return undefined;
      return await find(tenantId, (tenant) => contains(set, tenant) && holds(caller, scope, tenant));
    },
  };
}

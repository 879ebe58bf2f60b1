/** Tenants as they were when they were last read. */
import { LRUCache } from 'lru-cache';
import type { StoredTenant, TenantStore } from '../tenants/tenant.ts';
import { isBoundToTags, maySee, maySeeById, type Caller } from './caller.ts';

export interface TenantLookup {
  /** A tenant that was just registered is found immediately. */
  tenantOf(tenantId: string): Promise<StoredTenant | undefined>;
  /**
   * The tenant, if the caller may see it. One that does not exist causes the same reads as one that is hidden from the
   * caller.
   */
  visibleTo(caller: Caller, tenantId: string): Promise<StoredTenant | undefined>;
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
  return {
    tenantOf: (tenantId) => tenants.fetch(tenantId),
    async visibleTo(caller, tenantId) {
      if (!maySeeById(caller, tenantId) && !isBoundToTags(caller)) return undefined;
      const cached = tenants.has(tenantId) ? await tenants.fetch(tenantId) : undefined;
      if (cached !== undefined && maySee(caller, cached)) return cached;
      // It may have got its tag a moment ago.
      const found = await tenants.fetch(tenantId, { forceRefresh: true });
      return found !== undefined && maySee(caller, found) ? found : undefined;
    },
  };
}

/** Tenants as they were when they were last read. */
import { LRUCache } from 'lru-cache';
import { lazy } from '../lazy.ts';
import type { StoredTenant, TenantStore } from '../tenants/tenant.ts';
import type { Scope } from './api-keys.ts';
import { holds, isBoundToTags, maySee, maySeeById, tenantsOf, type Caller } from './caller.ts';
import { contains, isOfIds, mayContain } from './tenant-set.ts';

export interface TenantLookup {
  /** A tenant that was just registered is found immediately. */
  tenantOf(tenantId: string): Promise<StoredTenant | undefined>;
  /**
   * The tenant, if the caller may see it. One that does not exist causes the same reads as one that is hidden from the
   * caller.
   */
  visibleTo(caller: Caller, tenantId: string): Promise<StoredTenant | undefined>;
  membersOf(caller: Caller, wanted: WantedMembers): FindMember;
}

/** A set of tenants, as `canonicalSet` writes it, as far as the caller has the scope in them. */
export interface WantedMembers {
  readonly tenants: string;
  readonly scope: Scope;
}

/** Finds a tenant among the members of a set; undefined for any other, and nothing is reported. */
export type FindMember = (tenantId: string) => Promise<StoredTenant | undefined>;

/** A removed tenant may still be served for this long, and one that lost its tag to those who see it by the tag. */
const cacheMs = 60_000;
const cachedTenants = 1000;

export function createTenantLookup(store: Pick<TenantStore, 'get' | 'list'>): TenantLookup {
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
    membersOf(caller, { tenants: set, scope }) {
      const granted = tenantsOf(caller, scope);
      if (granted === undefined) return () => Promise.resolve(undefined);
      const isMember = (tenant: StoredTenant) => contains(set, tenant) && holds(caller, scope, tenant);
      const mayBeMember = (tenantId: string) => mayContain(granted, tenantId) && mayContain(set, tenantId);
      const listed = lazy(async () => {
        const members = (await store.list()).filter(isMember);
        return new Map(members.map((tenant) => [tenant.tenantId, tenant]));
      });
      const findOne =
        isOfIds(granted) || isOfIds(set) ? find : async (id: string) => (await listed()).get(id);
      return async (tenantId) => (mayBeMember(tenantId) ? await findOne(tenantId, isMember) : undefined);
    },
  };
}

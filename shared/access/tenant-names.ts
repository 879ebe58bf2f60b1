/** Finds tenants by the names that callers give them: an ID, or a domain. */
import { LRUCache } from 'lru-cache';
import { invalidParameter } from '../errors.ts';
import { canonicalDomain, tenantsByDomain } from '../tenants/domains.ts';
import { tenantIdSchema, type StoredTenant, type TenantStore } from '../tenants/tenant.ts';
import type { Caller } from './caller.ts';

/**
 * The ID of the tenant; of a domain only if the caller may see the tenant. Undefined for anything else: a caller of one
 * tenant causes the same reads for the domain of another one and for a domain that no tenant has.
 * @param parameter what named it; by default `tenantId`, of the path
 * @throws RequestError 400 for a domain that several tenants have
 */
export type TenantIdOf = (caller: Caller, name: string, parameter?: string) => Promise<string | undefined>;

interface TenantNamesDeps {
  readonly tenants: Pick<TenantStore, 'list'>;
  /** Cached. */
  readonly tenantOf: (tenantId: string) => Promise<StoredTenant | undefined>;
}

/** A domain that was moved to another tenant may still name the earlier one for this long. */
const cacheMs = 60_000;

export function createTenantNames({ tenants, tenantOf }: TenantNamesDeps): TenantIdOf {
  // One entry, so that many lookups at once share one read.
  const cache = new LRUCache<'all', ReturnType<typeof tenantsByDomain<StoredTenant>>>({
    max: 1,
    ttl: cacheMs,
    fetchMethod: async () => tenantsByDomain(await tenants.list()),
  });
  const tenantsOf = async (domain: string): Promise<readonly StoredTenant[]> =>
    (await cache.forceFetch('all')).get(domain) ??
    // A tenant that was just registered must be found immediately.
    (await cache.forceFetch('all', { forceRefresh: true })).get(domain) ??
    [];
  return async (caller, name, parameter = 'tenantId') => {
    const id = tenantIdSchema.safeParse(name).data;
    const domain = id === undefined ? canonicalDomain(name) : undefined;
    if (domain === undefined) return id;
    if (caller.tenants === '*') return only(await tenantsOf(domain), domain, parameter);
    const own = await tenantOf(caller.tenants);
    return own !== undefined && tenantsByDomain([own]).has(domain) ? own.tenantId : undefined;
  };
}

function only(tenants: readonly StoredTenant[], domain: string, parameter: string): string | undefined {
  const ids = tenants.map(({ tenantId }) => tenantId);
  if (ids.length <= 1) return ids[0];
  throw invalidParameter(
    parameter,
    `Several tenants have the domain ${domain}. Use one of their IDs: ${ids.join(', ')}.`,
  );
}

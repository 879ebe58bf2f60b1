/** Finds tenants by the names that callers give them: an ID, or a domain. */
import { LRUCache } from 'lru-cache';
import { invalidParameter } from '../errors.ts';
import { canonicalDomain, tenantsByDomain } from '../tenants/domains.ts';
import { tenantIdSchema, type StoredTenant, type TenantStore } from '../tenants/tenant.ts';
import { maySee, seesAll, tenantsOf, type Caller } from './caller.ts';
import { soleTenant } from './tenant-set.ts';

/**
 * The ID of the tenant; of a domain only if the caller may see the tenant. Undefined for anything else: a caller who is
 * bound to tenants causes the same reads for the domain of another one and for a domain that no tenant has.
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
  const cache = new LRUCache<'all', Named>({ max: 1, ttl: cacheMs, fetchMethod: () => readNames(tenants) });
  /** A tenant that was just registered must be found immediately: the list is read again where `find` finds nothing. */
  const search = async (find: (names: Named) => Tenants | undefined): Promise<Tenants> =>
    find(await cache.forceFetch('all')) ?? find(await cache.forceFetch('all', { forceRefresh: true })) ?? [];
  const ownOf = async (caller: Caller, domain: string): Promise<Tenants> => {
    const sole = soleTenant(tenantsOf(caller) ?? '');
    if (sole !== undefined) return having(domain, (await tenantOf(sole)) ?? []) ?? [];
    return await search(({ all }) =>
      having(
        domain,
        all.filter((tenant) => maySee(caller, tenant)),
      ),
    );
  };
  return async (caller, name, parameter = 'tenantId') => {
    const id = tenantIdSchema.safeParse(name).data;
    const domain = id === undefined ? canonicalDomain(name) : undefined;
    if (domain === undefined) return id;
    const found = seesAll(caller)
      ? await search(({ byDomain }) => byDomain.get(domain))
      : await ownOf(caller, domain);
    return only(found, domain, parameter);
  };
}

type Tenants = readonly StoredTenant[];

interface Named {
  readonly all: Tenants;
  readonly byDomain: ReadonlyMap<string, Tenants>;
}

async function readNames(tenants: TenantNamesDeps['tenants']): Promise<Named> {
  const all = await tenants.list();
  return { all, byDomain: tenantsByDomain(all) };
}

function having(domain: string, tenants: StoredTenant | Tenants): Tenants | undefined {
  return tenantsByDomain([tenants].flat()).get(domain);
}

function only(tenants: readonly StoredTenant[], domain: string, parameter: string): string | undefined {
  const ids = tenants.map(({ tenantId }) => tenantId);
  if (ids.length <= 1) return ids[0];
  throw invalidParameter(
    parameter,
    `Several tenants have the domain ${domain}. Use one of their IDs: ${ids.join(', ')}.`,
  );
}

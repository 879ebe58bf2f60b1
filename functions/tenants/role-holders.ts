/** Who holds, or held during a range of days, Global Administrator. */
import type { Access } from '../../shared/access/access.ts';
import { namedSet } from '../../shared/access/open-set.ts';
import * as api from '../../shared/api/tenants.ts';
import { handler } from '../../shared/http/handler.ts';
import type { TimeRange } from '../../shared/query/filters.ts';
import { readListedPage } from '../../shared/query/sets/listed-page.ts';
import { readSetPage, type SetTokens } from '../../shared/query/sets/set-page.ts';
import {
  mergeSnapshots,
  type RoleHolderStore,
  type SeenRoleHolder,
} from '../../shared/tenants/role-holders.ts';
import type { StoredTenant } from '../../shared/tenants/tenant.ts';

interface RoleHoldersDeps {
  readonly roleHolders: RoleHolderStore;
  readonly now: () => Date;
}

interface RoleHoldersOfTenantsDeps extends RoleHoldersDeps {
  readonly access: Access;
  readonly setTokens: SetTokens;
}

interface WholeRange {
  readonly from: Date;
  readonly to: Date;
}

const defaultDays = 30;

export const listRoleHoldersHandler = handler(
  api.listRoleHolders,
  async ({ roleHolders, now }: RoleHoldersDeps, { tenant, query, reply }) => {
    const { holders, generatedDateTime } = await holdersIn(
      roleHolders,
      tenant.tenantId,
      rangeOf(query, now()),
    );
    return reply(200, { generatedDateTime, value: holders.map(publicHolder) });
  },
);

export const listRoleHoldersOfTenantsHandler = handler(
  api.listRoleHoldersOfTenants,
  async (deps: RoleHoldersOfTenantsDeps, { request, caller, query, reply }) => {
    const { tenants: terms, skiptoken: skipToken, ...range } = query;
    const set = namedSet(deps.access, caller, terms);
    const asked = { set, url: request.url, skipToken, bound: { ...range, list: 'roleHolders' } };
    const { page, nextLink } = await readSetPage(deps.setTokens, asked, async (open, position) => {
      const snapshot = position.snapshot ?? deps.now();
      const read = (tenant: StoredTenant) => ofTenant(deps.roleHolders, tenant, rangeOf(range, snapshot));
      return await readListedPage(open, read, { ...position, snapshot });
    });
    const tenants = page.found.map(({ tenant, generatedDateTime }) => ({
      ...named(tenant),
      generatedDateTime,
    }));
    return reply(200, { value: page.found.flatMap(({ rows }) => rows), nextLink, tenants });
  },
);

function rangeOf({ from, to: end }: TimeRange, now: Date): WholeRange {
  const to = end ?? now;
  return { from: from ?? new Date(to.getTime() - defaultDays * 24 * 60 * 60_000), to };
}

async function holdersIn(roleHolders: RoleHolderStore, tenantId: string, { from, to }: WholeRange) {
  const snapshots = await roleHolders.list(tenantId, from, to);
  return {
    holders: mergeSnapshots(snapshots),
    generatedDateTime: snapshots.at(-1)?.takenAt.toISOString(),
  };
}

async function ofTenant(roleHolders: RoleHolderStore, tenant: StoredTenant, range: WholeRange) {
  const { holders, generatedDateTime } = await holdersIn(roleHolders, tenant.tenantId, range);
  const rows = holders.map((holder) => ({ ...named(tenant), ...publicHolder(holder) }));
  return { tenant, generatedDateTime, rows };
}

function named({ tenantId, displayName }: StoredTenant) {
  return { tenantId, tenantDisplayName: displayName };
}

function publicHolder(holder: SeenRoleHolder) {
  return {
    ...holder,
    firstSeenDateTime: holder.firstSeenDateTime.toISOString(),
    lastSeenDateTime: holder.lastSeenDateTime.toISOString(),
  };
}

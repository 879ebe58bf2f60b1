/** The daily snapshot of who holds Global Administrator, in every active tenant. */
import pMap from 'p-map';
import { recordRoleHolders, type RoleHolderDeps } from './role-holders.ts';
import type { TenantStore } from './tenant.ts';

export interface AllRoleHoldersDeps extends RoleHolderDeps {
  readonly tenants: TenantStore;
}

const tenantsAtOnce = 4;

/** A failure of one tenant does not keep the others from being recorded. @throws AggregateError of all failures */
export async function recordAllRoleHolders(deps: AllRoleHoldersDeps): Promise<void> {
  const tenants = (await deps.tenants.list()).filter(({ state }) => state === 'Active');
  await pMap(tenants, (tenant) => recordRoleHolders(deps, tenant), {
    concurrency: tenantsAtOnce,
    stopOnError: false,
  });
}

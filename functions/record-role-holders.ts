/** Timer: once a day, asks every tenant who holds Global Administrator. */
import type { TimerFunctionOptions } from '@azure/functions';
import pMap from 'p-map';
import { recordRoleHolders, type RoleHolderDeps } from '../shared/tenants/role-holders.ts';
import type { TenantStore } from '../shared/tenants/tenant.ts';

const tenantsAtOnce = 4;

/** At 03:41 UTC. What one tenant refuses does not keep the others waiting. */
export function recordRoleHoldersFunction(
  deps: RoleHolderDeps & { readonly tenants: TenantStore },
): TimerFunctionOptions {
  return {
    schedule: '0 41 3 * * *',
    handler: async () => {
      const tenants = (await deps.tenants.list()).filter(({ state }) => state === 'Active');
      await pMap(tenants, (tenant) => recordRoleHolders(deps, tenant), {
        concurrency: tenantsAtOnce,
        stopOnError: false,
      });
    },
  };
}

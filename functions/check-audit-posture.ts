/** Timer: once a day, looks how auditing stands in every tenant. */
import type { TimerFunctionOptions } from '@azure/functions';
import pMap from 'p-map';
import { checkPosture, type CheckPostureDeps } from '../shared/enablement/check-posture.ts';
import type { TenantStore } from '../shared/tenants/tenant.ts';

const tenantsAtOnce = 4;

/** At 04:23 UTC. */
export function checkAuditPostureFunction(
  deps: CheckPostureDeps & { readonly tenants: TenantStore },
): TimerFunctionOptions {
  return {
    schedule: '0 23 4 * * *',
    handler: async () => {
      const tenants = await deps.tenants.list();
      await pMap(tenants, (tenant) => checkPosture(deps, tenant), {
        concurrency: tenantsAtOnce,
        stopOnError: false,
      });
    },
  };
}

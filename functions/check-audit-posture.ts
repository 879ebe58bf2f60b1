/** Timer: once a day, looks what every tenant has granted, and how auditing stands in it. */
import type { TimerFunctionOptions } from '@azure/functions';
import pMap from 'p-map';
import { checkPosture, type CheckPostureDeps } from '../shared/enablement/check-posture.ts';
import { checkTenant, type CheckTenantDeps } from '../shared/tenants/check-tenant.ts';

const tenantsAtOnce = 4;

export type CheckAuditPostureDeps = CheckPostureDeps & CheckTenantDeps;

/** At 04:23 UTC. */
export function checkAuditPostureFunction(deps: CheckAuditPostureDeps): TimerFunctionOptions {
  return {
    schedule: '0 23 4 * * *',
    handler: async () => {
      const tenants = await deps.tenants.list();
      await pMap(tenants, ({ tenantId }) => look(deps, tenantId), {
        concurrency: tenantsAtOnce,
        stopOnError: false,
      });
    },
  };
}

/** Posture first: the look at grants starts what is missing, and what somebody stopped is to be reported. */
async function look(deps: CheckAuditPostureDeps, tenantId: string): Promise<void> {
  // Among many tenants the turn of one comes late: it may have been removed since they were listed.
  const tenant = await deps.tenants.get(tenantId);
  if (tenant === undefined) return;
  if (tenant.state === 'Active') await checkPosture(deps, tenant);
  // One whose consent came by another way than the link is found active here.
  await checkTenant(deps, tenant);
}

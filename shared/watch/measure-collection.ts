/** How far behind the collection is: gauges for every tenant and every poison queue. */
import pMap from 'p-map';
import { readCompleteness, type Completeness, type CompletenessDeps } from '../query/completeness.ts';
import type { Meter, Telemetry } from '../telemetry.ts';
import type { StoredTenant, TenantStore } from '../tenants/tenant.ts';

/** What was given up after the last attempt. */
export interface PoisonQueues {
  /** Messages in the poison queue of each work queue, about; 0 where there is no such queue. @throws when storage fails */
  poisonDepths(): Promise<readonly PoisonDepth[]>;
}

export interface PoisonDepth {
  /** Name of the poison queue itself. */
  readonly queue: string;
  readonly messages: number;
}

export interface MeasureDeps extends CompletenessDeps {
  readonly tenants: TenantStore;
  readonly queues: PoisonQueues;
  readonly meter: Meter;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

/** Each costs four requests to storage. */
const tenantsAtOnce = 8;

/** @throws when tenants cannot be listed or queues cannot be read; a single tenant that fails is reported */
export async function measureCollection(deps: MeasureDeps): Promise<void> {
  const measured = measureTenants(deps);
  for (const { queue, messages } of await deps.queues.poisonDepths()) {
    deps.meter('auditkeep.poison', messages, { queue });
  }
  await measured;
}

async function measureTenants(deps: MeasureDeps): Promise<void> {
  const tenants = await deps.tenants.list();
  const active = tenants.filter(({ state }) => state === 'Active');
  await pMap(active, (tenant) => measureTenant(deps, tenant), { concurrency: tenantsAtOnce });
}

async function measureTenant(deps: MeasureDeps, tenant: StoredTenant): Promise<void> {
  const { tenantId } = tenant;
  try {
    report(deps, tenant, await readCompleteness(deps, tenant));
  } catch (error) {
    const code = error instanceof Error ? error.name : 'unknown';
    deps.telemetry('watch.tenant.failed', { tenantId, code });
  }
}

function report({ meter, now }: MeasureDeps, tenant: StoredTenant, completeness: Completeness): void {
  const { tenantId, createdDateTime } = tenant;
  const { contentTypes, open, unindexedLandings, gaps } = completeness;
  for (const { contentType, completeThrough = createdDateTime } of contentTypes) {
    const lagMs = Math.max(0, now().getTime() - completeThrough.getTime());
    meter('auditkeep.lag', Math.round(lagMs / 1000), { tenantId, contentType });
  }
  meter('auditkeep.pending', unindexedLandings + open.length, { tenantId });
  meter('auditkeep.gaps', gaps.length, { tenantId });
}

/** How far behind the collection is: gauges for every tenant and every poison queue. */
import pMap from 'p-map';
import type { MatterQueue } from '../channels/notifications.ts';
import { gapsMessage } from '../channels/sources/collection.ts';
import { overdueSince, type Retention } from '../retention/retention.ts';
import { readCompleteness, type Completeness, type CompletenessDeps } from '../query/completeness.ts';
import type { Meter, Telemetry } from '../telemetry.ts';
import { isRefused } from '../tenants/consent-refusal.ts';
import type { StoredTenant, TenantStore } from '../tenants/tenant.ts';

/** Messages that failed in every attempt. */
export interface PoisonQueues {
  /** The approximate number of messages in the poison queue of each work queue; 0 if it does not exist. @throws when storage fails */
  poisonDepths(): Promise<readonly PoisonDepth[]>;
}

export interface PoisonDepth {
  /** Name of the poison queue itself. */
  readonly queue: string;
  readonly messages: number;
}

export interface MeasureDeps extends CompletenessDeps {
  readonly tenants: TenantStore;
  readonly queues: PoisonQueues & MatterQueue;
  readonly meter: Meter;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
  /** Of tenants that have none of their own. */
  readonly retention: Retention;
}

/** Each costs four requests to storage. */
const tenantsAtOnce = 8;

/**
 * Measures everything it can, then fails if something could not be measured.
 * @throws when tenants cannot be listed or queues cannot be read; a single tenant that fails is reported and counted
 */
export async function measureCollection(deps: MeasureDeps): Promise<void> {
  const parts = [measureTenants(deps), measureQueues(deps)];
  await Promise.allSettled(parts);
  await Promise.all(parts);
}

async function measureQueues({ queues, meter }: MeasureDeps): Promise<void> {
  for (const { queue, messages } of await queues.poisonDepths()) {
    meter('auditkeep.poison', messages, { queue });
  }
}

async function measureTenants(deps: MeasureDeps): Promise<void> {
  const { tenants, meter } = deps;
  const all = await tenants.list();
  const active = all.filter(({ state }) => state === 'Active');
  // First, so that the number of tenants is known however few of them can be measured.
  meter('auditkeep.tenants', active.length, {});
  for (const tenant of active) {
    meter('auditkeep.refused', isRefused(tenant) ? 1 : 0, { tenantId: tenant.tenantId });
  }
  measureRetention(deps, all);
  const measured = await pMap(active, (tenant) => measureTenant(deps, tenant), {
    concurrency: tenantsAtOnce,
  });
  meter('auditkeep.unmeasured', measured.filter((isMeasured) => !isMeasured).length, {});
}

function measureRetention({ meter, now, retention }: MeasureDeps, all: readonly StoredTenant[]): void {
  for (const tenant of all.filter(({ state }) => state !== 'Removing')) {
    const since = overdueSince(tenant, retention);
    const seconds = since && Math.max(0, Math.round((now().getTime() - since.getTime()) / 1000));
    if (seconds !== undefined) meter('auditkeep.overdue', seconds, { tenantId: tenant.tenantId });
  }
}

/** False when it could not be measured. */
async function measureTenant(deps: MeasureDeps, tenant: StoredTenant): Promise<boolean> {
  const { tenantId } = tenant;
  try {
    const completeness = await readCompleteness(deps, tenant);
    report(deps, tenant, completeness);
    const matter = gapsMessage(tenant, completeness.gaps, deps.now());
    if (matter !== undefined) await deps.queues.requestMatter({ version: 1, matter });
    return true;
  } catch (error) {
    const code = error instanceof Error ? error.name : 'unknown';
    deps.telemetry('watch.tenant.failed', { tenantId, code });
    return false;
  }
}

function report({ meter, now }: MeasureDeps, tenant: StoredTenant, completeness: Completeness): void {
  const { tenantId, createdDateTime } = tenant;
  const { contentTypes, open, unindexedLandings, gaps } = completeness;
  // That Microsoft lists content late does not mean that collection is behind.
  for (const { contentType, landedThrough = createdDateTime } of contentTypes) {
    const lagMs = Math.max(0, now().getTime() - landedThrough.getTime());
    meter('auditkeep.lag', Math.round(lagMs / 1000), { tenantId, contentType });
  }
  meter('auditkeep.pending', unindexedLandings + open.length, { tenantId });
  meter('auditkeep.gaps', gaps.length, { tenantId });
}

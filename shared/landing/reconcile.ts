/**
 * The daily reconciliation: lists the feed's last 7 days again, and finds landings whose index message was lost, or that
 * were not announced.
 */
import pMap from 'p-map';
import type { ArrivalAnnouncer } from '../feed/announce-arrivals.ts';
import type { LandingSequence } from '../feed/landing-sequence.ts';
import type { Telemetry } from '../telemetry.ts';
import type { Tenant, TenantStore } from '../tenants/tenant.ts';
import type { LandingStore } from './landing.ts';
import type { WorkQueues } from './work-queues.ts';
import { requeueLandings } from './requeue-landings.ts';

export interface ReconcileDeps {
  readonly tenants: TenantStore;
  readonly landings: LandingStore & Pick<LandingSequence, 'lastSequence'>;
  readonly announcer: ArrivalAnnouncer;
  readonly queues: WorkQueues;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

/** A landing that is not indexed after this long has lost its message, or the message is in the poison queue. */
const indexingTimeoutMs = 60 * 60_000;

/** Requests, tenant by tenant, what a poll may have missed; queue triggers do the work. @throws AggregateError */
export async function reconcileTenants(deps: ReconcileDeps): Promise<void> {
  const tenants = (await deps.tenants.list()).filter(({ state }) => state === 'Active');
  let requeued = 0;
  const reconcile = async ({ tenantId }: Tenant) => {
    await deps.queues.requestPoll({ version: 1, tenantId, reason: 'reconcile' });
    const tooOld = new Date(deps.now().getTime() - indexingTimeoutMs);
    requeued += await requeueLandings(deps, tenantId, ({ landedAt }) => landedAt < tooOld);
    await announceRest(deps, tenantId);
  };
  await pMap(tenants, reconcile, { concurrency: 1, stopOnError: false });
  deps.telemetry('landing.reconcile.finished', { tenants: tenants.length, requeued });
}

/** What an earlier release indexed, or a host whose message was then lost. Two reads if there is none. */
async function announceRest({ landings, announcer }: ReconcileDeps, tenantId: string): Promise<void> {
  const newest = await landings.lastSequence(tenantId);
  if (newest > 0) await announcer.announce(tenantId, newest);
}

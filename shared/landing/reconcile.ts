/**
 * The daily reconciliation: lists the feed's last 7 days again, and finds landings whose index message was lost, or that
 * were not announced.
 */
import pLimit from 'p-limit';
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
  /** Notifies subscribers to several tenants of what was announced. */
  readonly wakeSets?: (() => Promise<void>) | undefined;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

/** A landing that is not indexed after this long has lost its message, or the message is in the poison queue. */
const indexingTimeoutMs = 60 * 60_000;

/** Thousands of tenants are done long before the host ends the function (host.json: functionTimeout). */
const tenantConcurrency = 16;

/**
 * Requests, for each tenant, what a poll may have missed; queue triggers do the work. Then it notifies subscribers to several
 * tenants, even if there was nothing to announce: an earlier run may have been killed before it notified them.
 * @throws AggregateError when it failed for some tenants; it is done for the others
 */
export async function reconcileTenants(deps: ReconcileDeps): Promise<void> {
  const tenants = (await deps.tenants.list()).filter(({ state }) => state === 'Active');
  try {
    const requeued = await reconcileEach(deps, tenants);
    deps.telemetry('landing.reconcile.finished', { tenants: tenants.length, requeued });
  } finally {
    await deps.wakeSets?.();
  }
}

/** Returns how many landings were requeued. */
async function reconcileEach(deps: ReconcileDeps, tenants: readonly Tenant[]): Promise<number> {
  // What is announced together fails together: one tenant must not keep others from being announced.
  const alone = pLimit(1);
  const reconcile = async ({ tenantId }: Tenant): Promise<number> => {
    await deps.queues.requestPoll({ version: 1, tenantId, reason: 'reconcile' });
    const tooOld = new Date(deps.now().getTime() - indexingTimeoutMs);
    const requeued = await requeueLandings(deps, tenantId, ({ landedAt }) => landedAt < tooOld);
    const newest = await deps.landings.lastSequence(tenantId);
    // What an earlier release indexed, or a host whose message was then lost. Two reads if there is none.
    if (newest > 0) await alone(() => deps.announcer.announce(tenantId, newest));
    return requeued;
  };
  const counts = await pMap(tenants, reconcile, { concurrency: tenantConcurrency, stopOnError: false });
  return counts.reduce((sum, count) => sum + count, 0);
}

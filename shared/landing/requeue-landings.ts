/** Landings whose index message may be lost, or was never sent because the host was killed. */
import type { Telemetry } from '../telemetry.ts';
import { indexingDelayMs } from './pace.ts';
import type { Landing, LandingStore } from './landing.ts';
import { indexRequestFor, type WorkQueues } from './work-queues.ts';

export interface RequeueDeps {
  readonly landings: Pick<LandingStore, 'unindexed'>;
  readonly queues: Pick<WorkQueues, 'requestIndexing'>;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

/**
 * Requests the indexing of those landings that are not indexed yet and that need it, at the pace of one host. Returns how
 * many there were.
 */
export async function requeueLandings(
  { landings, queues, telemetry, now }: RequeueDeps,
  tenantId: string,
  needsIt: (landing: Landing) => boolean,
): Promise<number> {
  const waiting = (await landings.unindexed(tenantId)).filter(needsIt);
  const since = now();
  let recordsBefore = 0;
  for (const landing of waiting) {
    const delayMs = indexingDelayMs({ since, recordsBefore, now: now() });
    recordsBefore += landing.records;
    await queues.requestIndexing(indexRequestFor(tenantId, landing), delayMs);
    telemetry('index.landing.requeued', { tenantId, landingId: landing.landingId });
  }
  return waiting.length;
}

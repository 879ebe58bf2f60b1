/** Landings whose index message may be lost, or was never sent because the host was killed. */
import type { Telemetry } from '../telemetry.ts';
import { indexRequestFor, type Landing, type LandingStore, type WorkQueues } from './landing.ts';

export interface RequeueDeps {
  readonly landings: Pick<LandingStore, 'unindexed'>;
  readonly queues: Pick<WorkQueues, 'requestIndexing'>;
  readonly telemetry: Telemetry;
}

/** Requests the indexing of those landings that are not indexed yet and that need it. Returns how many there were. */
export async function requeueLandings(
  { landings, queues, telemetry }: RequeueDeps,
  tenantId: string,
  needsIt: (landing: Landing) => boolean,
): Promise<number> {
  const waiting = (await landings.unindexed(tenantId)).filter(needsIt);
  for (const landing of waiting) {
    await queues.requestIndexing(indexRequestFor(tenantId, landing));
    telemetry('index.landing.requeued', { tenantId, landingId: landing.landingId });
  }
  return waiting.length;
}

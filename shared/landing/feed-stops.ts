/** Times in which Microsoft published nothing for a content type, because its subscription or auditing was off. */
import type { ActivityFeed } from '../activity/activity-feed.ts';
import type { ContentType } from '../activity/content-types.ts';
import type { Checkpoint, Gap, Ledger } from './ledger.ts';

/**
 * Marks the checkpoint of a content type as stopped, until it is listed again. One that was never listed has none: nothing
 * is claimed of it.
 */
export async function markStopped(
  ledger: Pick<Ledger, 'advance'>,
  tenantId: string,
  checkpoint: Checkpoint | undefined,
  code: string,
): Promise<void> {
  if (checkpoint === undefined || checkpoint.stoppedCode !== undefined) return;
  await ledger.advance(tenantId, { ...checkpoint, stoppedCode: code });
}

/**
 * A feed that marks a stop before it starts a subscription, no matter who requests it: nothing shows afterwards that it
 * was stopped.
 */
export function markingStops(
  feed: ActivityFeed,
  ledger: Pick<Ledger, 'advance' | 'checkpoints'>,
): ActivityFeed {
  return {
    ...feed,
    async startSubscription(tenant, contentType, budget) {
      const { tenantId } = tenant;
      const checkpoint = checkpointOf(await ledger.checkpoints(tenantId), contentType);
      await markStopped(ledger, tenantId, checkpoint, notRunning);
      await feed.startSubscription(tenant, contentType, budget);
    },
  };
}

/** Microsoft's code for a subscription that is disabled. */
const notRunning = 'AF20023';

function checkpointOf(all: readonly Checkpoint[], contentType: ContentType): Checkpoint | undefined {
  return all.find((checkpoint) => checkpoint.contentType === contentType);
}

/** From the last listing before the stop until now, when it is listed again: no one knows how long it was stopped. */
export function gapOfStop({ contentType, listedThrough: start }: Checkpoint, code: string, now: Date): Gap {
  return { contentType, window: { start, end: now }, reason: 'feedStopped', code, recordedAt: now };
}

/** Times in which Microsoft published nothing for a content type, because its subscription or auditing was off. */
import type { ActivityFeed } from '../activity/activity-feed.ts';
import type { ContentType } from '../activity/content-types.ts';
import type { Checkpoint, Gap, Ledger, Stop } from './ledger.ts';

/** What one poll learns about the stops of one content type while it lists it, slice by slice. */
export interface StopWatch {
  /** Undefined while it is running, as far as anyone knows. */
  stop: Stop | undefined;
  /** The last moment at which it is known to have been running; undefined for one that was never listed. */
  runningAt: Date | undefined;
}

export function watchStops(checkpoint: Checkpoint | undefined): StopWatch {
  return { stop: checkpoint?.stop, runningAt: checkpoint?.listedThrough };
}

/** It does not run. Nothing is claimed of one that was never listed. */
export function noticeStop(watch: StopWatch, code: string): void {
  if (watch.runningAt !== undefined) watch.stop ??= { code, from: watch.runningAt };
}

/** A slice was listed that was requested at this moment. Returns the stop that ended. */
export function noticeRunning(watch: StopWatch, requestedAt: Date): Stop | undefined {
  const { stop } = watch;
  if (watch.runningAt !== undefined) watch.runningAt = requestedAt;
  watch.stop = undefined;
  return stop;
}

/**
 * A feed that marks a stop before it starts a subscription, no matter who requests it: nothing shows afterwards that it
 * was stopped.
 */
export function markingStops(
  feed: ActivityFeed,
  ledger: Pick<Ledger, 'checkpoints' | 'markStopped'>,
): ActivityFeed {
  return {
    ...feed,
    async startSubscription(tenant, contentType, budget) {
      const { tenantId } = tenant;
      const checkpoint = checkpointOf(await ledger.checkpoints(tenantId), contentType);
      if (checkpoint !== undefined && checkpoint.stop === undefined)
        await ledger.markStopped(tenantId, contentType, { code: notRunning, from: checkpoint.listedThrough });
      return await feed.startSubscription(tenant, contentType, budget);
    },
  };
}

/** Microsoft's code for a subscription that is disabled. */
const notRunning = 'AF20023';

function checkpointOf(all: readonly Checkpoint[], contentType: ContentType): Checkpoint | undefined {
  return all.find((checkpoint) => checkpoint.contentType === contentType);
}

/**
 * From when it last ran until now, when it is listed again: no one knows how long it was stopped. It ends by Microsoft's
 * clock, after the second of its answer: one that is behind would end it before the content that is missing.
 */
export function gapOfStop(
  contentType: ContentType,
  { code, from: start }: Stop,
  { answeredAt, now }: { readonly answeredAt: Date | undefined; readonly now: Date },
): Gap {
  const end = answeredAt === undefined ? now : new Date(answeredAt.getTime() + 1000);
  return { contentType, window: { start, end }, reason: 'feedStopped', code, recordedAt: now };
}

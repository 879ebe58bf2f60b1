/** All that a poll touches, in memory: a feed, storage that outlives crashes, and a clock. */
import type { ReconcileDeps } from '../../shared/landing/reconcile.ts';
import { createFakeAnnouncer } from './fakes/arrival-log.ts';
import type { ContentType } from '../../shared/activity/content-types.ts';
import { markingStops } from '../../shared/landing/feed-stops.ts';
import {
  pollTenant,
  type PollDeps,
  type PollOptions,
  type PollOutcome,
} from '../../shared/landing/poll-tenant.ts';
import type { Tenant } from '../../shared/tenants/tenant.ts';
import { createClock, hourMs } from './clock.ts';
import { bodyOf, contentNamed, recordTexts } from './content.ts';
import { createFakeFeed } from './fakes/activity-feed.ts';
import { createFakeLandingStore } from './fakes/landing-store.ts';
import { createFakeLedger } from './fakes/ledger.ts';
import { createFakeRawStore } from './fakes/raw-store.ts';
import { createRecordingTelemetry } from './fakes/telemetry.ts';
import { createFakeWorkQueues } from './fakes/work-queues.ts';
import { createFaults, type Faults } from './faults.ts';
import { requeueLandings } from '../../shared/landing/requeue-landings.ts';
import { tenantNamed } from './tenants.ts';

export interface PollWorldOptions {
  readonly contentTypes?: readonly ContentType[];
  readonly deps?: Partial<Pick<PollDeps, 'limits' | 'fetchConcurrency' | 'settleMs'>>;
}

export interface PublishOptions {
  readonly type?: ContentType;
  /** Milliseconds before the clock's present. */
  readonly ago?: number;
  /** Milliseconds from its publication until the feed lists it; none by default. */
  readonly lateMs?: number;
  readonly records?: number;
  /** Characters that every record is padded with. */
  readonly padding?: number;
}

export type PollWorld = ReturnType<typeof createPollWorld>;

export const smallLimits = { maxBufferedBytes: 4096, maxLandingBytes: 16_384, maxLandingContents: 4 };

export function createPollWorld(options: PollWorldOptions = {}) {
  const clock = createClock();
  const contentTypes = options.contentTypes ?? ['Audit.Exchange'];
  const tenant: Tenant = tenantNamed('Fabrikam', { contentTypes });
  const feed = createFakeFeed(clock.now, contentTypes);
  const telemetry = createRecordingTelemetry();
  const raw = createFakeRawStore();
  const queues = createFakeWorkQueues();
  const ledger = createFakeLedger();
  const landings = createFakeLandingStore();
  const storage = { raw, queues, ledger, landings };
  const expected = new Map<string, readonly string[]>();
  const depsOf = (faults: Faults): PollDeps & Pick<ReconcileDeps, 'landings' | 'announcer'> => ({
    ...{ feed: markingStops(feed, ledger), telemetry: telemetry.telemetry, now: clock.now },
    ...{ raw: faults.inject('raw', raw), queues: faults.inject('queues', queues) },
    ...{ ledger: faults.inject('ledger', ledger), landings: faults.inject('landings', landings) },
    announcer: createFakeAnnouncer(),
    ...{ limits: smallLimits, fetchConcurrency: 3, settleMs: 0, ...options.deps },
  });
  const publish = (name: string, how: PublishOptions = {}) => {
    const created = new Date(clock.now().getTime() - (how.ago ?? hourMs));
    const content = contentNamed(name, created, how.type ?? contentTypes[0]);
    const texts = recordTexts(name, how.records ?? 3, how.padding);
    expected.set(content.contentId, texts);
    feed.publish(content, { chunks: bodyOf(texts, 1000) }, new Date(created.getTime() + (how.lateMs ?? 0)));
    return content;
  };
  const poll = (
    how: Partial<PollOptions> & { readonly faults?: Faults | undefined } = {},
  ): Promise<PollOutcome> => {
    const { faults = createFaults(), ...options } = how;
    return pollTenant(depsOf(faults), tenant, { budget: clock.startBudget(hourMs), ...options });
  };
  /** Any of the polls so far may have broken off. */
  const requeue = (faults = createFaults()) => requeueLandings(depsOf(faults), tenant.tenantId, () => true);
  return {
    ...{ requeue },
    ...{ clock, tenant, feed, telemetry, ...storage, storage, depsOf, publish, poll },
    /** Texts published as sound content, by contentId. */
    expected: expected as ReadonlyMap<string, readonly string[]>,
    /** Lines of all raw blobs for which indexing was requested. */
    requestedLines: (): readonly string[] =>
      queues.indexRequests.flatMap(({ blobName }) => {
        const lines = raw.lines(blobName);
        if (lines === undefined) throw new Error(`An index request names ${blobName}, which does not exist.`);
        return lines;
      }),
  };
}

/** Waits until everything that the feeds of a local run's tenants offer is indexed. */
import { setTimeout as delay } from 'node:timers/promises';
import type { PollRequest } from '../../shared/landing/work-queues.ts';
import type { LocalRun } from './local-run.ts';
import type { Delivered } from './simulator-process.ts';

const SHORT_PAUSE_MS = 250;
const LONG_PAUSE_MS = 1000;
/** After this time without a change, checking once a second is enough, and another poll is needed. */
const QUIET_AFTER_MS = 3000;
/** Unchanged for this long with nothing left to do: what is still missing will not arrive. */
const IDLE_LIMIT_MS = 15_000;
/** Unchanged for this long with something left to do: it no longer moves. */
const STALLED_LIMIT_MS = 120_000;

/** What the app has collected so far, over all tenants. */
export interface Progress {
  /** Nothing is pending. */
  readonly idle: boolean;
  readonly contentBlobs: number;
  readonly recordsLanded: number;
  readonly recordsIndexed: number;
  /** Processed so far of the landings that are not indexed. */
  readonly recordsIndexing: number;
  readonly rejected: number;
  readonly gaps: number;
}

/** The part of a local run that collects. */
export interface CollectingRun extends Pick<LocalRun, 'tenants' | 'readDelivered'> {
  readonly api: Pick<LocalRun['api'], 'getIngestion' | 'listTenantIds'>;
  readonly host: Pick<LocalRun['host'], 'run'>;
}

export interface Collected extends Progress {
  /** What the feeds offered; undefined with the real Microsoft 365, which does not report it. */
  readonly delivered: Delivered | undefined;
  /** The part of recordsIndexed that a kept data folder already contained. */
  readonly recordsKept: number;
  readonly ending: Ending;
}

/**
 * `complete`: all that the feeds offered is in the index. `lost`: something is not, and will not arrive. `unfinished`: there
 * is more to do, but nothing moves, so what is missing is unknown.
 */
export type Ending = 'complete' | 'lost' | 'unfinished';

const nothing: Progress = {
  idle: true,
  contentBlobs: 0,
  recordsLanded: 0,
  recordsIndexed: 0,
  recordsIndexing: 0,
  rejected: 0,
  gaps: 0,
};

/** Real time, unless a test replaces it. */
export interface Waiting {
  /** Milliseconds. */
  readonly now: () => number;
  readonly delay: (milliseconds: number) => Promise<void>;
}

const realWaiting: Waiting = { now: () => performance.now(), delay: (milliseconds) => delay(milliseconds) };

/** The state before collection could start. */
export interface Baseline {
  /** Kept from an earlier run; otherwise zero. */
  readonly progress: Progress;
  /** What must be collected; content published later may or may not be part of the run. */
  readonly offered: Delivered | undefined;
}

/** Take it before tenants are registered, because that may start collection. */
export async function readBaseline(run: CollectingRun): Promise<Baseline> {
  const known = await run.api.listTenantIds();
  const tenants = run.tenants.filter(({ tenantId }) => known.includes(tenantId));
  return { progress: await readProgress({ ...run, tenants }), offered: await run.readDelivered?.() };
}

/**
 * Starts a poll and resolves when everything is indexed or when there is no more progress.
 * @param onProgress receives every change
 */
export async function collect(
  run: CollectingRun,
  { progress: before, offered }: Baseline,
  onProgress: (progress: Progress) => void,
  waiting = realWaiting,
): Promise<Collected> {
  const wanted = before.contentBlobs + (offered?.contentBlobs ?? 0);
  const progress = await watch(run, {
    isLanded: ({ contentBlobs }) => contentBlobs >= wanted,
    ...waiting,
    onProgress,
  });
  return judge(run, before, progress, offered);
}

interface Watch extends Waiting {
  /** All that was offered has landed; it may not be indexed yet. */
  readonly isLanded: (progress: Progress) => boolean;
  readonly onProgress: (progress: Progress) => void;
}

async function watch(run: CollectingRun, { isLanded, onProgress, now, delay }: Watch): Promise<Progress> {
  let last = nothing;
  let changedAt = now();
  await run.host.run('poll-activity-feed');
  for (;;) {
    const progress = await readProgress(run);
    if (JSON.stringify(progress) !== JSON.stringify(last)) {
      changedAt = now();
      onProgress(progress);
    }
    last = progress;
    const quietMs = now() - changedAt;
    const isDone = progress.idle && isLanded(progress);
    if (isDone || quietMs > (progress.idle ? IDLE_LIMIT_MS : STALLED_LIMIT_MS)) return progress;
    const isQuiet = quietMs > QUIET_AFTER_MS;
    // Also for content that could not be fetched: a poll retries it, and the timer may be minutes away.
    if (isQuiet && !isLanded(progress)) await pollAgain(run);
    await delay(isQuiet ? LONG_PAUSE_MS : SHORT_PAUSE_MS);
  }
}

/** On request, because the timer does not poll a tenant for minutes after a poll that found nothing. */
async function pollAgain({ host, tenants }: CollectingRun): Promise<void> {
  for (const { tenantId } of tenants) {
    const request: PollRequest = { version: 1, tenantId, reason: 'registered' };
    await host.run('run-poll-request', JSON.stringify(request));
  }
}

async function readProgress({ api, tenants }: Pick<CollectingRun, 'api' | 'tenants'>): Promise<Progress> {
  const all = await Promise.all(tenants.map(({ tenantId }) => api.getIngestion(tenantId)));
  return all.reduce<Progress>(addProgress, nothing);
}

function addProgress(left: Progress, right: Progress): Progress {
  return {
    idle: left.idle && right.idle,
    contentBlobs: left.contentBlobs + right.contentBlobs,
    recordsLanded: left.recordsLanded + right.recordsLanded,
    recordsIndexed: left.recordsIndexed + right.recordsIndexed,
    recordsIndexing: left.recordsIndexing + right.recordsIndexing,
    rejected: left.rejected + right.rejected,
    gaps: left.gaps + right.gaps,
  };
}

async function judge(
  run: CollectingRun,
  before: Progress,
  progress: Progress,
  offered: Delivered | undefined,
): Promise<Collected> {
  const collected = progress.contentBlobs - before.contentBlobs;
  const delivered =
    offered !== undefined && collected > offered.contentBlobs ? await run.readDelivered?.() : offered;
  const { idle, recordsIndexed, rejected, gaps } = progress;
  const distinct = delivered?.distinctRecords ?? recordsIndexed;
  // Data kept from an earlier run is in the index too.
  const isShort = before.contentBlobs > 0 ? recordsIndexed < distinct : recordsIndexed !== distinct;
  const isLost = rejected > 0 || gaps > 0 || (idle && isShort);
  const ending = isLost ? 'lost' : idle ? 'complete' : 'unfinished';
  return { ...progress, delivered, recordsKept: before.recordsIndexed, ending };
}

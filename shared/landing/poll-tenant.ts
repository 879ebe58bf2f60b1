/** One poll of one tenant: list, fetch, land, record, and only then move the checkpoints. */
import pLimit from 'p-limit';
import pMap from 'p-map';
import type { ContentBlob } from '../activity/activity-feed.ts';
import type { ContentType } from '../activity/content-types.ts';
import { earlier, oldestListable } from '../activity/windows.ts';
import type { Budget } from '../budget.ts';
import type { UpstreamError } from '../errors.ts';
import type { Telemetry } from '../telemetry.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { fetchContent } from './fetch-content.ts';
import type { ContentToFetch, FetchOutcome } from './fetch-outcomes.ts';
import type { FetchDeps } from './receiving.ts';
import { inTurns } from './in-turns.ts';
import { createLandingWriter, type LandingWriter, type LandingWriterOptions } from './landing-writer.ts';
import type { Checkpoint, OpenContent, SettledState } from './ledger.ts';
import { learnedFrom } from './listing-history.ts';
import { listType } from './list-type.ts';
import { mustStop, type PollListing } from './poll-listing.ts';

export interface PollDeps
  extends Omit<LandingWriterOptions, 'tenantId'>, Pick<FetchDeps, 'feed' | 'settleMs'> {
  readonly telemetry: Telemetry;
  readonly fetchConcurrency: number;
}

export interface PollOptions {
  /** When it is spent, no further page is requested and no further content blob is fetched. */
  readonly budget: Budget;
  /** List everything the feed still has, not only what is new since the last poll. */
  readonly reconcile?: boolean;
  /** Where an earlier part of the same reconciliation ended. */
  readonly since?: Date | undefined;
  /** It continues a poll that could not finish. */
  readonly isContinued?: boolean;
  /** Records of the tenant that wait for the indexer already. */
  readonly backlog?: number | undefined;
}

export interface PollOutcome {
  readonly contentBlobs: number;
  readonly records: number;
  readonly deferred: number;
  /** Content blobs that are pending in the ledger. */
  readonly waiting: number;
  readonly gaps: number;
  /** False when the budget or throttling ended it: there is more to list, and another poll would get further. */
  readonly finished: boolean;
  /** How far the content type that is furthest behind has been listed; those that are refused do not count. */
  readonly listedThrough: Date;
  /** Microsoft throttled a request. */
  readonly pause?: UpstreamError | undefined;
  /** Content types that were listed without an error, whether to their end or not. */
  readonly listed: ReadonlySet<ContentType>;
  /** Content types that could not be listed, and why. */
  readonly errors: ReadonlyMap<ContentType, UpstreamError>;
}

/** Large bodies received at once: each holds a landing's worth of compressed text. */
const largeBodiesAtOnce = 2;

type LostOutcome = FetchOutcome & { readonly kind: 'lost' };

interface Poll extends PollDeps, PollListing {
  readonly backlog: number | undefined;
  readonly open: readonly OpenContent[];
  readonly deferred: OpenContent[];
  /** Content blobs that are settled although they were open. */
  readonly stale: ContentBlob[];
  /** Those that were lost before, and whose gaps are recorded again. */
  readonly lostAgain: ContentBlob[];
  readonly tally: PollListing['tally'] & { contentBlobs: number; records: number };
}

/**
 * What Microsoft refuses is in the outcome, in the ledger, or in a gap.
 * @throws when storage fails; then nothing is acknowledged and the next poll starts where this one did
 */
export async function pollTenant(deps: PollDeps, tenant: Tenant, options: PollOptions): Promise<PollOutcome> {
  const [checkpoints, open] = await Promise.all([
    deps.ledger.checkpoints(tenant.tenantId),
    deps.ledger.open(tenant.tenantId),
  ]);
  const poll: Poll = {
    ...deps,
    tenant,
    budget: options.budget,
    reconcile: options.reconcile === true,
    since: options.since,
    newestFirst: options.reconcile !== true && options.isContinued !== true,
    backlog: options.backlog,
    listedBefore: new Map(checkpoints.map((checkpoint) => [checkpoint.contentType, checkpoint])),
    open,
    openIds: new Set(open.map((row) => row.content.contentId)),
    listedThrough: new Map(),
    answeredAt: new Map(),
    stops: new Map(),
    histories: new Map(),
    listed: new Set(),
    errors: new Map(),
    gaps: [],
    settled: [],
    deferred: [],
    stale: [],
    lostAgain: [],
    tally: { contentBlobs: 0, records: 0, finished: true, pause: undefined },
  };
  await fetchAll(poll);
  await settleAll(poll);
  await advanceAll(poll);
  const { tally, deferred, gaps, listed, errors } = poll;
  const notDue = open.filter((row) => row.nextAttemptAt > deps.now()).length;
  return {
    ...tally,
    listedThrough: furthestBehind(poll),
    deferred: deferred.length,
    waiting: notDue + deferred.length,
    gaps: gaps.length,
    listed,
    errors,
  };
}

async function fetchAll(poll: Poll): Promise<void> {
  const writer = createLandingWriter({ ...poll, tenantId: poll.tenant.tenantId });
  const deps = { ...poll, writer, whenLarge: pLimit(largeBodiesAtOnce) };
  const fetch = async (wanted: ContentToFetch) => {
    const outcome = await fetchContent(deps, wanted);
    const knownAs = outcome.kind === 'lost' ? await settledAs(poll, wanted) : undefined;
    if (outcome.kind === 'lost' && knownAs !== undefined) endAgain(poll, wanted, { ...outcome, knownAs });
    else recordOutcome(poll, outcome);
  };
  const early = flushWhenSpent(poll.budget, writer);
  try {
    await mapToEnd(contentToFetch(poll), fetch, poll.fetchConcurrency);
  } finally {
    await early();
    await writer.flush();
  }
}

/** A failure waits for the others that have begun: nothing may land once the lease is returned. */
async function mapToEnd<T>(
  items: AsyncIterable<T>,
  work: (item: T) => Promise<void>,
  concurrency: number,
): Promise<void> {
  const begun = new Set<Promise<void>>();
  const begin = async (item: T) => {
    const one = work(item);
    begun.add(one);
    await one.finally(() => begun.delete(one));
  };
  try {
    await pMap(items, begin, { concurrency });
  } catch (error) {
    await Promise.allSettled(begun);
    throw error;
  }
}

/**
 * Makes what was received durable when the budget is spent: a body that is still being received may take a minute.
 * Returns the wait for that.
 */
function flushWhenSpent(budget: Budget, writer: LandingWriter): () => Promise<void> {
  let flushing = Promise.resolve();
  const flush = () => {
    flushing = writer.flush();
    // Awaited once all bodies are received; until then it must not count as unhandled.
    flushing.catch(() => undefined);
  };
  budget.addEventListener('abort', flush, { once: true });
  return async () => {
    budget.removeEventListener('abort', flush);
    await flushing;
  };
}

/**
 * Defined when its loss is recorded already, when its row stayed open because a host was killed before it could close it,
 * and when another host landed it meanwhile. What has landed is not lost.
 */
async function settledAs(
  { ledger, tenant }: Poll,
  { content, open, reopened }: ContentToFetch,
): Promise<SettledState | undefined> {
  if (!reopened && open === undefined) return undefined;
  const known = await ledger.known(tenant.tenantId, [content]);
  return known.get(content.contentId) ?? (reopened ? 'gone' : undefined);
}

/** The gap of what is lost remains, and says what landed of its last body. */
function endAgain(
  poll: Poll,
  { content, open, reopened }: ContentToFetch,
  { records, gap, knownAs }: LostOutcome & { readonly knownAs: SettledState },
): void {
  poll.tally.records += records;
  if (open !== undefined) poll.stale.push(content);
  if (!reopened || gap.receipt === undefined || knownAs === 'landed') return;
  poll.gaps.push(gap);
  poll.lostAgain.push(content);
}

function recordOutcome(poll: Poll, outcome: FetchOutcome): void {
  poll.tally.records += outcome.records;
  switch (outcome.kind) {
    case 'landed':
      poll.tally.contentBlobs++;
      return;
    case 'deferred':
      poll.deferred.push(outcome.open);
      poll.tally.pause ??= outcome.pause;
      if (outcome.open.code !== 'settling') reportDeferred(poll, outcome.open);
      return;
    case 'lost':
      poll.settled.push(outcome.settled);
      poll.gaps.push(outcome.gap);
      return;
  }
}

function reportDeferred({ telemetry, tenant }: Poll, open: OpenContent): void {
  const event = open.state === 'rejected' ? 'landing.content.rejected' : 'landing.content.deferred';
  const { code, attempts, content } = open;
  const { contentType, contentId } = content;
  telemetry(event, { tenantId: tenant.tenantId, contentType, contentId, code, attempts });
}

/** Open content that is due, then new content: a page of each type in turn. */
async function* contentToFetch(poll: Poll): AsyncGenerator<ContentToFetch> {
  const now = poll.now();
  for (const open of poll.open) {
    const { content, reopened = false } = open;
    if (open.nextAttemptAt <= now && !mustStop(poll)) yield { content, open, reopened };
  }
  const listings = poll.tenant.contentTypes.map((contentType) => listType(poll, contentType, now));
  for await (const page of inTurns(listings)) {
    for (const found of page) if (!mustStop(poll)) yield found;
  }
}

function furthestBehind({ tenant, listedThrough, since, errors, now }: Poll): Date {
  const none = since ?? oldestListable(now());
  const isListable = (contentType: ContentType) => (errors.get(contentType)?.action ?? 'pause') === 'pause';
  const ends = tenant.contentTypes
    .filter(isListable)
    .map((contentType) => listedThrough.get(contentType) ?? none);
  return ends.length === 0 ? none : new Date(Math.min(...ends.map((end) => end.getTime())));
}

/**
 * Never moves a checkpoint back, as a reconciling poll that stopped early ends long before it; except one that a wrong
 * clock moved into the future.
 */
async function advanceAll(poll: Poll): Promise<void> {
  for (const [contentType, reached] of poll.listedThrough) {
    const before = poll.listedBefore.get(contentType);
    const isAhead = before !== undefined && before.listedThrough >= reached;
    const now = poll.answeredAt.get(contentType) ?? poll.now();
    const listedThrough = isAhead && before.listedThrough <= now ? before.listedThrough : reached;
    const collectedFrom = firstListed(before, now);
    const learned = learnedFrom(poll.histories.get(contentType));
    const stop = poll.stops.get(contentType);
    const progress = { contentType, listedThrough, collectedFrom, stop, ...learned };
    await poll.ledger.advance(poll.tenant.tenantId, progress);
  }
}

/** Not later than now, in case a wrong clock listed it first. */
function firstListed(before: Checkpoint | undefined, now: Date): Date | undefined {
  if (before === undefined) return now;
  return before.collectedFrom && earlier(before.collectedFrom, now);
}

async function settleAll(poll: Poll): Promise<void> {
  const { ledger, gaps, settled, deferred, stale, openIds, telemetry } = poll;
  const { tenantId } = poll.tenant;
  await ledger.recordGaps(tenantId, gaps);
  for (const { contentType, reason, code } of gaps) {
    telemetry('landing.gap.recorded', { tenantId, contentType, reason, code });
  }
  const landed = await ledger.settle(tenantId, settled);
  await closeFalseGaps(poll, landed);
  const lost = settled.map((row) => row.content).filter((content) => openIds.has(content.contentId));
  await ledger.close(tenantId, [...lost, ...stale]);
  await ledger.defer(tenantId, deferred);
}

/** Another host may have landed it after this one knew that it was lost: it took longer than its lease. */
async function closeFalseGaps(
  { ledger, tenant, lostAgain }: Poll,
  landed: readonly ContentBlob[],
): Promise<void> {
  const known = lostAgain.length === 0 ? undefined : await ledger.known(tenant.tenantId, lostAgain);
  const found = lostAgain.filter(({ contentId }) => known?.get(contentId) === 'landed');
  if (found.length + landed.length > 0) await ledger.closeGaps(tenant.tenantId, [...landed, ...found]);
}

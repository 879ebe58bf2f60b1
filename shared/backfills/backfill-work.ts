/** Searches Microsoft's log range by range, run by run, in bounded memory and from where the last run stopped. */
import { mergeWindows } from '../activity/window-sets.ts';
import { earlier, oldestListable, type Window } from '../activity/windows.ts';
import type { Budget } from '../budget.ts';
import { onRefusal, type UpstreamError } from '../errors.ts';
import {
  indexedRecords,
  indexingWaitMs,
  longestIndexingMs,
  notIndexed,
  wait,
} from '../imports/follow-indexing.ts';
import type { LandingStore } from '../landing/landing.ts';
import type { WorkQueues } from '../landing/work-queues.ts';
import { requeueLandings } from '../landing/requeue-landings.ts';
import type { OperationEffects } from '../operations/end-operation.ts';
import { timeOfOperationId } from '../operations/operation.ts';
import type { OperationWork, Outcome } from '../operations/run-operation.ts';
import type { Telemetry } from '../telemetry.ts';
import { changeTenant } from '../tenants/change-tenant.ts';
import { findManagedTenant, isManaged } from '../tenants/managed.ts';
import type { StoredTenant, TenantStore } from '../tenants/tenant.ts';
import type { Backfill, BackfillRequest, BackfillState, BackfillStore } from './backfill.ts';
import { beginSearch, followQuery, makeQuery } from './make-query.ts';
import { dueAt } from './ranges.ts';
import { readQuery } from './read-query.ts';
import { change, type BackfillRun, type SearchDeps, type SearchRun } from './search-run.ts';

export interface BackfillEffectsDeps {
  readonly backfills: BackfillStore;
}

export interface BackfillWorkDeps extends BackfillEffectsDeps, SearchDeps {
  readonly landings: Pick<LandingStore, 'open' | 'importTotals' | 'unindexed'>;
  readonly telemetry: Telemetry;
  readonly queues: Pick<WorkQueues, 'requestIndexing' | 'requestPoll'>;
  readonly tenants: Pick<TenantStore, 'get' | 'updateIfUnchanged'>;
}

type Ended = Outcome<BackfillState>;

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const dayMs = 24 * 60 * minuteMs;
/** Longer than the pace of landings, and than a host needs to index one. */
const missingMessageMs = 10 * minuteMs;
/** After a refusal that does not say how long to wait. */
const defaultPauseMs = minuteMs;
/** While Microsoft is away. */
const longestPauseMs = 15 * minuteMs;
/** Longer than Microsoft is ever away. */
const longestVainMs = 2 * dayMs;
/** Microsoft keeps records for a year only where that is licensed. */
const keptMs = 180 * dayMs;

/** Queries cannot be deleted, so a backfill leaves nothing that could be discarded. */
export function backfillEffects({
  backfills,
}: BackfillEffectsDeps): OperationEffects<BackfillRequest, BackfillState> {
  return {
    store: backfills,
    measure: ({ state: { read, added = 0, queries } }) => ({ read, imported: added, queries }),
  };
}

export function backfillWork(
  deps: BackfillWorkDeps,
): OperationWork<BackfillRequest, BackfillState, StoredTenant> {
  return {
    ...backfillEffects(deps),
    inTurn: async ({ tenantId }, _budget, run) => {
      const tenant = await findManagedTenant(deps.tenants, tenantId);
      return tenant === undefined ? 'tenantGone' : await run(tenant);
    },
    work: async (run, { turn: tenant, budget }) => {
      await requestPoll(deps, run);
      if (run.operation().state.searchedDateTime === undefined) {
        const outcome = await searchAll(deps, { run, tenant, budget });
        if (outcome !== undefined) return outcome;
      }
      return await conclude(deps, run);
    },
  };
}

/** What the feed still has is polled again, once; a second poll would change nothing. */
async function requestPoll({ queues, now }: BackfillWorkDeps, run: BackfillRun): Promise<void> {
  const { tenantId, request, state } = run.operation();
  if (state.polledDateTime !== undefined) return;
  const oldest = oldestListable(now());
  if (request.to > oldest) {
    const since = request.from > oldest ? request.from : oldest;
    await queues.requestPoll({ version: 1, tenantId, reason: 'reconcile', since: since.toISOString() });
  }
  await change({ run }, { polledDateTime: now() });
}

interface Turn {
  readonly run: BackfillRun;
  readonly tenant: StoredTenant;
  readonly budget: Budget;
}

/** Step by step, until everything is searched, Microsoft has to be given time, or the budget is spent. */
async function searchAll(deps: BackfillWorkDeps, turn: Turn): Promise<Ended | undefined> {
  const searching: SearchRun = {
    ...deps,
    ...turn,
    running: new Set(),
    unreadable: new Set(),
    pause: undefined,
  };
  const { run, budget } = turn;
  const isDone = ({ pending, searches }: BackfillState) => pending.length === 0 && searches.length === 0;
  const outcome = async (): Promise<Ended | undefined> => {
    while (!isDone(run.operation().state)) {
      if (!(await step(searching))) return await wait(run, deps.now(), waitMs(searching));
      if (budget.aborted) return { waitMs: 0 };
    }
    await change(searching, { searchedDateTime: deps.now() });
    return undefined;
  };
  return await outcome().catch(onRefusal((refusal) => afterRefusal(deps, run, refusal)));
}

/** Rows that can be read first, so that little is in progress at once. False when all that is left must wait. */
async function step(searching: SearchRun): Promise<boolean> {
  const { run, running, unreadable, pause } = searching;
  const { searches } = run.operation().state;
  for (const [phase, act, without] of [
    ['landing', readQuery, unreadable],
    ['checking', readQuery, unreadable],
    ['running', followQuery, running],
  ] as const) {
    const search = searches.find((one) => one.phase === phase && !without.has(one.queryId ?? ''));
    if (search?.queryId === undefined) continue;
    await act(searching, search, search.queryId);
    return true;
  }
  const unmade = searches.find(({ phase }) => phase === 'creating');
  if (unmade === undefined || pause !== undefined) return await beginSearch(searching);
  await makeQuery(searching, unmade);
  return true;
}

/** Longer for queries that run longer, so that slow ones cost little. */
function waitMs({ run, now, pause }: SearchRun): number {
  const { searches, pending } = run.operation().state;
  const ages = searches.map(({ since }) => now().getTime() - since.getTime());
  const soon = Math.min(...ages.map((age) => Math.min(Math.max(age / 4, 15 * secondMs), 5 * minuteMs)));
  const due = Math.min(...pending.map((window) => dueAt(window).getTime() - now().getTime()));
  const isFull = searches.length > 0 && due <= 0;
  const paused = pause === undefined ? 0 : (pause.retryAfterMs ?? defaultPauseMs);
  return Math.max(paused, Math.round(isFull ? soon : Math.min(soon, Math.max(due, 0))));
}

async function afterRefusal(
  { now }: BackfillWorkDeps,
  run: BackfillRun,
  refusal: UpstreamError,
): Promise<Ended> {
  const { code, message, cure, isTransient, retryAfterMs = defaultPauseMs } = refusal;
  if (code === 'BudgetSpent') return { waitMs: 0 };
  const { state } = run.operation();
  const { refusedDateTime = now() } = state;
  const isVain = now().getTime() - refusedDateTime.getTime() > longestVainMs;
  if (isTransient && !isVain) {
    if (state.refusedDateTime === undefined) await change({ run }, { refusedDateTime });
    const awayMs = now().getTime() - refusedDateTime.getTime();
    return await wait(run, now(), Math.max(retryAfterMs, Math.min(awayMs / 4, longestPauseMs)));
  }
  const advice = cure ?? (isTransient ? 'Start another backfill later.' : 'See docs/errors.md for the code.');
  const errorMessage = `${message} ${advice} Records that were found before are kept.`;
  return { status: 'Failed', state, errorCode: code, errorMessage };
}

async function conclude(deps: BackfillWorkDeps, run: BackfillRun): Promise<Ended> {
  const one = run.operation();
  const { state } = one;
  const indexed = await indexedRecords(deps.landings, one, state.landings);
  const { searchedDateTime = one.lastActionDateTime } = state;
  const now = deps.now();
  if (indexed === undefined && now.getTime() - searchedDateTime.getTime() < longestIndexingMs) {
    await sendMissingMessages(deps, run, searchedDateTime);
    return await wait(run, now, indexingWaitMs);
  }
  if (indexed === undefined) return notIndexed('BackfillNotIndexed', state);
  await changeTenant(deps.tenants, one.tenantId, (tenant) =>
    isKept(tenant, one) ? { backfilled: backfilledAfter(tenant, state, now) } : undefined,
  );
  const { recordsIndexed: added, pastRetention } = indexed;
  return endingOf({ ...state, added, pastRetention: pastRetention || undefined });
}

/** Of landings whose run was killed before it sent them, and whose rows another reading landed otherwise. Once. */
async function sendMissingMessages(deps: BackfillWorkDeps, run: BackfillRun, searched: Date): Promise<void> {
  const { tenantId, id, state } = run.operation();
  const isDue = deps.now().getTime() - searched.getTime() >= missingMessageMs;
  if (!isDue || state.requeuedDateTime !== undefined) return;
  await requeueLandings(deps, tenantId, ({ importId }) => importId === id);
  await change({ run }, { requeuedDateTime: deps.now() });
}

/** No removal began since the backfill did. A purge deletes what was found; if it is canceled, that stays deleted. */
function isKept(tenant: StoredTenant, { createdDateTime }: Pick<Backfill, 'createdDateTime'>): boolean {
  const removedAt = tenant.removalId === undefined ? undefined : timeOfOperationId(tenant.removalId);
  const beganAt = [tenant.createdDateTime, removedAt ?? tenant.createdDateTime];
  return isManaged(tenant) && beganAt.every((moment) => moment <= createdDateTime);
}

/**
 * What was searched whole, as far back as Microsoft keeps records in every tenant: an older range may be empty for that
 * reason. As of the end, because the queries were made at any time before.
 */
function backfilledAfter(
  { backfilled = [] }: StoredTenant,
  { searched, whole = searched }: BackfillState,
  now: Date,
): readonly Window[] {
  const kept = new Date(now.getTime() - keptMs);
  const known = whole.map(({ start, end }) => ({ start: start > kept ? start : earlier(kept, end), end }));
  return mergeWindows([...backfilled, ...known]);
}

function endingOf(state: BackfillState): Ended {
  const { unfinished } = state;
  if (unfinished.length === 0) return { status: 'Succeeded', state };
  const errorMessage = `${unfinished.length} of its ranges could not be searched whole: unfinished in its status lists them, with the reason. Start another backfill for them. What was found is kept.`;
  return { status: 'Failed', state, errorCode: 'BackfillIncomplete', errorMessage };
}

/** Makes the query of a range, once, and follows it until it has ended. */
import { onRefusal } from '../errors.ts';
import type { Search } from './backfill.ts';
import { dueAt } from './ranges.ts';
import { mergeWindows } from '../activity/window-sets.ts';
import {
  change,
  changeSearch,
  defaultBackfillLimits,
  freshSearch,
  giveUp,
  searchAgain,
  searchInParts,
  type SearchRun,
} from './search-run.ts';

/** Fewer than the ten that Microsoft runs at once: people search as well. */
const searchesAtOnce = 5;
/** After this long, a query is not expected to end. */
const longestQueryMs = 2 * 24 * 60 * 60_000;
/** Microsoft takes 200 queries a day: one that it does not take for a week is refused for another reason. */
const longestRefusedMs = 7 * 24 * 60 * 60_000;

/** Begins the search of the next range that is due. False when there is none, or no more may run. */
export async function beginSearch(searching: SearchRun): Promise<boolean> {
  const { run, now, pause, backfillLimits = defaultBackfillLimits } = searching;
  const { pending, searches, queries, unfinished } = run.operation().state;
  if (queries >= backfillLimits.queries && pending.length > 0) {
    const left = mergeWindows(pending).map((window) => ({ ...window, reason: 'tooManyQueries' as const }));
    await change(searching, { pending: [], unfinished: [...unfinished, ...left] });
    return true;
  }
  const window = pending.find((one) => dueAt(one) <= now());
  if (window === undefined || searches.length >= searchesAtOnce || pause !== undefined) return false;
  const search = freshSearch(window, now(), 1);
  // Before the query exists, so that the next run looks for it if this one is killed.
  await change(searching, {
    pending: pending.filter((one) => one !== window),
    searches: [...searches, search],
  });
  await createQuery(searching, search);
  return true;
}

/** Makes the query that an earlier run was about to make, unless it exists. */
export async function makeQuery(searching: SearchRun, search: Search): Promise<void> {
  const { auditSearch, tenant, budget, now } = searching;
  if (now().getTime() - search.since.getTime() > longestRefusedMs) {
    await giveUp(searching, search, 'failed');
    return;
  }
  const queryId = await auditSearch.find(tenant, nameOf(searching, search), budget);
  if (queryId === undefined) await createQuery(searching, search);
  else await follow(searching, search, queryId);
}

async function createQuery(searching: SearchRun, search: Search): Promise<void> {
  const { auditSearch, tenant, budget } = searching;
  const wanted = { name: nameOf(searching, search), window: search.window };
  const paused = onRefusal((refusal) => {
    if (refusal.action !== 'pause') throw refusal;
    searching.pause = refusal;
    return undefined;
  });
  const queryId = await auditSearch.create(tenant, wanted, budget).catch(paused);
  if (queryId !== undefined) await follow(searching, search, queryId);
}

async function follow(searching: SearchRun, search: Search, queryId: string): Promise<void> {
  const { now, run } = searching;
  const { queries } = run.operation().state;
  const after = { phase: 'running', queryId, since: now() } as const;
  await changeSearch(searching, search, after, { queries: queries + 1 });
}

/** The same for every attempt to make one query, and different for any other. */
function nameOf({ run }: SearchRun, { window: { start, end }, attempt }: Search): string {
  return `Auditkeep ${run.operation().id} ${start.toISOString()} ${end.toISOString()} ${attempt}`;
}

/** Asks about a query that runs. */
export async function followQuery(searching: SearchRun, search: Search, queryId: string): Promise<void> {
  const { auditSearch, tenant, budget, now } = searching;
  const { state, records: found, isCutShort } = await auditSearch.status(tenant, queryId, budget);
  if (state === 'waiting') {
    searching.running.add(queryId);
    const isOverdue = now().getTime() - search.since.getTime() > longestQueryMs;
    if (isOverdue) await searchAgain(searching, search);
  } else if (state === 'succeeded') await beginReading(searching, search, { found, isCutShort });
  else await searchAgain(searching, search);
}

async function beginReading(
  searching: SearchRun,
  search: Search,
  { found, isCutShort }: { readonly found: number | undefined; readonly isCutShort: boolean },
): Promise<void> {
  const { readable } = searching.run.operation().state;
  if (isCutShort && (await searchInParts(searching, search))) return;
  const isTooLarge = readable !== undefined && found !== undefined && found > readable;
  if (isTooLarge && (await searchInParts(searching, search, { wanted: found / readable }))) return;
  await changeSearch(searching, search, { phase: 'landing', since: searching.now(), found, isCutShort });
}

/** One run of a backfill while it searches. */
import type { Window } from '../activity/windows.ts';
import type { Budget } from '../budget.ts';
import type { UpstreamError } from '../errors.ts';
import { mergeWindows } from '../activity/window-sets.ts';
import type { LandDeps } from '../imports/land-stretch.ts';
import type { OperationRun } from '../operations/operation-run.ts';
import type { StoredTenant } from '../tenants/tenant.ts';
import type { AuditSearch } from './audit-search.ts';
import type { BackfillRequest, BackfillState, Search, Shortfall } from './backfill.ts';
import { splitRange } from './ranges.ts';
import { nothingRead } from './row-sums.ts';

export interface BackfillLimits {
  /** Of the text of one landing. */
  readonly landingBytes: number;
  /** Of the rows of one landing. */
  readonly landingRows: number;
  /** Queries that a backfill makes: Microsoft takes 200 a day from a tenant. */
  readonly queries: number;
}

export const defaultBackfillLimits: BackfillLimits = {
  landingBytes: 16 * 1024 * 1024,
  landingRows: 50_000,
  queries: 2000,
};

export interface SearchDeps extends LandDeps {
  readonly auditSearch: AuditSearch;
  readonly now: () => Date;
  readonly backfillLimits?: BackfillLimits;
}

export type BackfillRun = OperationRun<BackfillRequest, BackfillState>;

/** A run, and what it has learned of Microsoft so far. */
export interface SearchRun extends SearchDeps {
  readonly run: BackfillRun;
  readonly tenant: StoredTenant;
  readonly budget: Budget;
  /** Queries that were running when this run asked. */
  readonly running: Set<string>;
  /** Queries of which this run could not read a page. */
  readonly unreadable: Set<string>;
  /** Microsoft takes no further query now. */
  pause: UpstreamError | undefined;
}

/** Saves progress. @throws SupersededError */
export async function change(
  { run }: Pick<SearchRun, 'run'>,
  changes: Partial<BackfillState>,
): Promise<void> {
  await run.save({ state: { ...run.operation().state, refusedDateTime: undefined, ...changes } });
}

/** Saves a search in a new state, or its end, and what else changed with it. */
export async function changeSearch(
  searching: SearchRun,
  search: Search,
  after: Partial<Search> | undefined,
  further: Partial<BackfillState> = {},
): Promise<void> {
  const { searches } = searching.run.operation().state;
  const changed = searches.flatMap((one) => {
    if (one.window.start.getTime() !== search.window.start.getTime()) return [one];
    return after === undefined ? [] : [{ ...one, ...after }];
  });
  await change(searching, { ...further, searches: changed });
}

/** Ends a search whose range was read whole. What lacks rows does not count as backfilled. */
export async function endSearch(searching: SearchRun, search: Search): Promise<void> {
  const { searched, whole = searched, done } = searching.run.operation().state;
  const further = {
    searched: mergeWindows([...searched, search.window]),
    whole: search.lacksRows === true ? whole : mergeWindows([...whole, search.window]),
    done: done + 1,
  };
  await changeSearch(searching, search, undefined, further);
}

/** Ends a search whose range cannot be read whole. */
export async function giveUp(searching: SearchRun, search: Search, reason: Shortfall): Promise<void> {
  const { unfinished } = searching.run.operation().state;
  await changeSearch(searching, search, undefined, {
    unfinished: [...unfinished, { ...search.window, reason }],
    sealing: undefined,
  });
}

/** Searches the range in parts. False, with nothing changed, if it is too short. */
export async function searchInParts(
  searching: SearchRun,
  search: Search,
  { wanted, ...further }: { readonly wanted?: number | undefined } & Partial<BackfillState> = {},
): Promise<boolean> {
  const parts = splitRange(search.window, wanted);
  if (parts === undefined) return false;
  const pending = [...parts, ...searching.run.operation().state.pending];
  await changeSearch(searching, search, undefined, { ...further, pending, sealing: undefined });
  return true;
}

/** In a shorter range, the reason is not its length. */
const shortestFailingMs = 24 * 60 * 60_000;

/** Searches a range in parts whose queries fail, or do not show what they found. False, with nothing changed, if it is short. */
export async function searchLongInParts(
  searching: SearchRun,
  search: Search,
  wanted?: number,
): Promise<boolean> {
  const { start, end } = search.window;
  if (end.getTime() - start.getTime() <= shortestFailingMs) return false;
  return await searchInParts(searching, search, { wanted });
}

const mostAttempts = 3;

/** Makes another query for the range, after several of them queries for its halves. */
export async function searchAgain(searching: SearchRun, search: Search): Promise<void> {
  const { window, attempt } = search;
  if (attempt < mostAttempts) {
    const { now } = searching;
    await changeSearch(searching, search, freshSearch(window, now(), attempt + 1), { sealing: undefined });
    return;
  }
  if (await searchLongInParts(searching, search)) return;
  await giveUp(searching, search, 'failed');
}

/** Every member is named, so that it replaces all of an earlier attempt. */
export function freshSearch(window: Window, since: Date, attempt: number): Search {
  return {
    window,
    phase: 'creating',
    since,
    attempt,
    queryId: undefined,
    found: undefined,
    isCutShort: undefined,
    next: undefined,
    reading: nothingRead,
    previous: undefined,
    readings: 0,
    failures: 0,
    lacksRows: undefined,
  };
}

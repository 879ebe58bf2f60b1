/** Reads the rows of a query, lands them, and reads them again until two readings agree. */
import { onRefusal, type UpstreamError } from '../errors.ts';
import { countsAfter } from '../imports/import.ts';
import { landStretch } from '../imports/land-stretch.ts';
import { indexingDelayMs } from '../landing/pace.ts';
import type { BackfillState, Search } from './backfill.ts';
import { endReading } from './end-reading.ts';
import { readStretch, type PageStretch } from './read-stretch.ts';
import { addRows, nothingRead } from './row-sums.ts';
import {
  changeSearch,
  defaultBackfillLimits,
  searchAgain,
  searchInParts,
  type SearchRun,
} from './search-run.ts';

/** Pages that are checked between two saves. */
const pagesToCheck = 50;

/** Reads on: a landing's worth, or the last rows. @throws UpstreamError when Microsoft has to be left alone */
export async function readQuery(searching: SearchRun, search: Search, queryId: string): Promise<void> {
  const read =
    search.phase === 'checking'
      ? await check(searching, search, queryId)
      : await land(searching, search, queryId);
  if (read.refusal !== undefined && read.pages === 0) {
    await decideOnRefusal(searching, search, { queryId, refusal: read.refusal });
    return;
  }
  const { reading, next, changes } = read;
  const lacksRows = search.lacksRows === true || read.lacksRows ? true : undefined;
  if (next === undefined) await endReading(searching, { ...search, lacksRows }, reading, changes);
  else await changeSearch(searching, search, { reading, next, failures: 0, lacksRows }, changes);
}

interface Read extends Pick<PageStretch, 'pages' | 'reading' | 'next' | 'refusal'> {
  readonly changes: Partial<BackfillState>;
  readonly lacksRows: boolean;
}

async function land(searching: SearchRun, search: Search, queryId: string): Promise<Read> {
  const { run, tenant, budget, auditSearch, now, backfillLimits = defaultBackfillLimits } = searching;
  const { tenantId, createdDateTime, state } = run.operation();
  const { landingBytes: textBytes, landingRows: rows } = backfillLimits;
  const pages = auditSearch.pages(tenant, { queryId, from: search.next }, budget);
  const expected = { tenantId, now: createdDateTime, mayBeRecent: true };
  const limits = { textBytes, rows, pages: state.sealing?.pages, signal: budget };
  const stretch = await readStretch(pages, search, expected, limits);
  if (stretch.records > 0) {
    const landedAt = state.sealing?.landedAt ?? now();
    // Proves that this run is the newest, and names the landing before anything of it is visible.
    await changeSearch(searching, search, {}, { sealing: { landedAt, pages: stretch.pages } });
    const paced = { since: createdDateTime, recordsBefore: state.landed, now: now() };
    const delayMs = indexingDelayMs(paced);
    await landStretch(searching, run.operation(), { stretch, landedAt, delayMs, source: 'backfill' });
  }
  // Rows of another tenant were never missing in this one.
  const lacksRows = stretch.refused.some((reason) => reason !== 'otherTenant');
  const read = state.read + stretch.records + stretch.refused.length;
  const changes = { read, ...countsAfter(state, stretch), sealing: undefined };
  return { ...stretch, lacksRows, changes };
}

async function check(
  { auditSearch, tenant, budget }: SearchRun,
  search: Search,
  queryId: string,
): Promise<Read> {
  const { reading, next } = search;
  let so: Read = { pages: 0, reading, next, refusal: undefined, changes: {}, lacksRows: false };
  const read = async () => {
    for await (const page of auditSearch.pages(
      tenant,
      { queryId, from: search.next, idsOnly: true },
      budget,
    )) {
      so = { ...so, pages: so.pages + 1, reading: addRows(so.reading, page.rows), next: page.next };
      if (so.pages >= pagesToCheck || budget.aborted) return undefined;
    }
    return undefined;
  };
  const refusal = await read().catch(onRefusal((found) => found));
  return { ...so, refusal };
}

interface Refused {
  readonly queryId: string;
  readonly refusal: UpstreamError;
}

/** A page that cannot be read at the second attempt cannot be read at all: the range has too many rows for one query. */
async function decideOnRefusal(
  searching: SearchRun,
  search: Search,
  { queryId, refusal }: Refused,
): Promise<void> {
  const { auditSearch, tenant, budget } = searching;
  if (refusal.action === 'pause' || refusal.code === 'BudgetSpent') throw refusal;
  const failures = search.failures + 1;
  if (failures === 1) {
    searching.unreadable.add(queryId);
    // The place where it continues may have expired.
    const begin = refusal.action === 'retry' ? {} : { next: undefined, reading: nothingRead };
    await changeSearch(searching, search, { failures, ...begin }, { sealing: undefined });
    return;
  }
  // Proves that Microsoft answers at all, and that it still lets the application ask.
  const { state } = await auditSearch.status(tenant, queryId, budget);
  const { rows } = search.reading;
  if (state !== 'succeeded' || rows === 0) await searchAgain(searching, search);
  else await splitUnreadable(searching, search, rows);
}

async function splitUnreadable(searching: SearchRun, search: Search, rows: number): Promise<void> {
  const { readable = rows } = searching.run.operation().state;
  const wanted = (search.found ?? 0) / rows;
  if (await searchInParts(searching, search, { wanted, readable: Math.max(rows, readable) })) return;
  await searchAgain(searching, search);
}

/** What a whole reading of a query means for its range: it is searched, read again, split, or given up. */
import type { BackfillState, CompletedReading, Search } from './backfill.ts';
import { isSameReading, nothingRead } from './row-sums.ts';
import { changeSearch, endSearch, giveUp, searchLongInParts, type SearchRun } from './search-run.ts';

/** Of which every other one lands, unless it is known to show what has landed. */
const mostReadings = 6;
/** Where rows seem to be missing, two readings that agree are not enough. */
const readingsIfShort = 3;

/**
 * Microsoft calls its count approximate, and does not say by how much. A tenth is more than rounding or rows that arrive
 * meanwhile explain, and less than what is missing when pages are left out; ten rows, because of a few records a tenth is less than one.
 */
const tolerated = { share: 0.1, rows: 10 };

/**
 * Two readings of one query can differ, so a range is searched only when two of them agree, and show what was found.
 * @param changes that are saved with it
 */
export async function endReading(
  searching: SearchRun,
  search: Search,
  reading: CompletedReading,
  changes: Partial<BackfillState>,
): Promise<void> {
  const readings = search.readings + 1;
  const isSteady = isSameReading(reading, search.previous);
  const isShort = showsTooFew(search.found, reading.rows);
  const isDecided = isSteady && (!isShort || readings >= readingsIfShort);
  if (!isDecided && readings < mostReadings) {
    const next = nextReading(search, reading, { isSteady, since: searching.now() });
    await changeSearch(searching, search, next, changes);
    return;
  }
  if (Object.keys(changes).length > 0) await changeSearch(searching, search, {}, changes);
  if (!isSteady) await giveUp(searching, search, 'unsteady');
  else if (search.isCutShort === true) await giveUp(searching, search, 'cutShort');
  else if (isShort) await searchShorter(searching, search, reading.rows);
  else await endSearch(searching, search);
}

/** One of two readings that agree has landed, so that what both showed has. */
function nextReading(
  search: Search,
  reading: CompletedReading,
  { isSteady, since }: { readonly isSteady: boolean; readonly since: Date },
): Partial<Search> {
  return {
    phase: search.phase === 'landing' || isSteady ? 'checking' : 'landing',
    since,
    reading: nothingRead,
    previous: reading,
    next: undefined,
    readings: search.readings + 1,
    failures: 0,
    lacksRows: search.lacksRows,
  };
}

/** Whether a reading of so many rows lacks more than the count is wrong by. Nothing at all is always too few. */
function showsTooFew(found: number | undefined, rows: number): boolean {
  if (found === undefined) return false;
  return (rows === 0 && found > 0) || found - rows > Math.max(tolerated.rows, found * tolerated.share);
}

async function searchShorter(searching: SearchRun, search: Search, rows: number): Promise<void> {
  const wanted = (search.found ?? 0) / rows;
  if (!(await searchLongInParts(searching, search, wanted)))
    await giveUp(searching, search, 'fewerThanFound');
}

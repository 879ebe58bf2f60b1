/** A backfill as answers show it. */
import type { Window } from '../activity/windows.ts';
import { refusedCount } from '../imports/import.ts';
import { duplicatesOf, refusedRows } from '../imports/public-import.ts';
import { publicError, publicHistory, publicIdentity } from '../operations/public-operation.ts';
import type { Backfill, BackfillState } from './backfill.ts';

export function publicBackfill(one: Backfill) {
  const { from, to, searchTo } = one.request;
  const { state } = one;
  const { read, landed, added, queries, done, pastRetention } = state;
  return {
    ...publicIdentity(one),
    fromDateTime: from.toISOString(),
    toDateTime: to.toISOString(),
    searchToDateTime: searchTo.toISOString(),
    rangesDone: done,
    ranges: done + state.pending.length + state.searches.length + state.unfinished.length,
    queryCount: queries,
    waitingSinceDateTime: waitingSince(state)?.toISOString(),
    readCount: read,
    landedCount: landed,
    addedCount: added,
    duplicateCount: duplicatesOf(landed, added, pastRetention),
    pastRetentionCount: pastRetention,
    refusedCount: refusedCount(state),
    refused: refusedRows(state),
    unfinished: state.unfinished.map(({ reason, ...range }) => ({ ...publicRange(range), reason })),
    searched: state.searched.map(publicRange),
    ...publicHistory(one),
    ...publicError(one),
  };
}

/** Since when there is nothing to do but to wait for Microsoft; undefined while rows are read. */
function waitingSince({ searches, refusedDateTime }: BackfillState): Date | undefined {
  if (refusedDateTime !== undefined) return refusedDateTime;
  const isWaiting = searches.every(({ phase }) => phase === 'creating' || phase === 'running');
  const since = searches.map((search) => search.since.getTime());
  return isWaiting && since.length > 0 ? new Date(Math.min(...since)) : undefined;
}

function publicRange({ start, end }: Window) {
  return { fromDateTime: start.toISOString(), toDateTime: end.toISOString() };
}

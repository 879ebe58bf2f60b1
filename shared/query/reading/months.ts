/** The monthly tables that a time range covers. */
import { monthOf, type Month } from '../../index/keys.ts';
import type { RecordIndex } from '../../index/record-index.ts';
import { earliestTime, latestTime } from '../../records/record-time.ts';
import type { TimeRange } from '../filters.ts';
import type { ReadBudget } from './budget.ts';

/** Up to this many months are read whether their tables exist or not; for longer ranges the tables are listed. */
const maxUnlistedMonths = 3;

/** Keys hold times from 1970 to 2286; a bound outside of that does not restrict anything. */
export function withinIndex<T extends TimeRange>(range: T): T {
  const { from, to } = range;
  return {
    ...range,
    from: from !== undefined && from <= earliestTime ? undefined : from,
    to: to !== undefined && to > latestTime ? undefined : to,
  };
}

export type MonthReader = (tenantId: string, range: TimeRange) => Promise<readonly Month[]>;

/** Returns the months of a range, newest first; some of them may have no table. */
export function createMonthReader(index: RecordIndex, budget: ReadBudget): MonthReader {
  const listed = new Map<string, readonly Month[]>();
  return async (tenantId, { from, to }) => {
    if (to !== undefined && to <= (from ?? earliestTime)) return [];
    const first = from === undefined ? '000000' : monthOf(from);
    // `to` itself is not in the range.
    const last = to === undefined ? '999999' : monthOf(new Date(to.getTime() - 1));
    const few = from === undefined || to === undefined ? [] : monthsBetween(first, last);
    if (few.length > 0 && !listed.has(tenantId)) return few;
    if (!listed.has(tenantId)) {
      budget.charge('scan', 1);
      listed.set(tenantId, await index.months(tenantId));
    }
    return (listed.get(tenantId) ?? []).filter((month) => month >= first && month <= last);
  };
}

/** All months from first to last, newest first; empty when there are too many to read without listing tables. */
function monthsBetween(first: Month, last: Month): readonly Month[] {
  const ordinal = (month: Month) => Number(month.slice(0, 4)) * 12 + Number(month.slice(4)) - 1;
  const [low, high] = [ordinal(first), ordinal(last)];
  if (high - low >= maxUnlistedMonths) return [];
  const months = Array.from({ length: Math.max(0, high - low + 1) }, (_, index) => high - index);
  return months.map((month) => `${Math.floor(month / 12)}${String((month % 12) + 1).padStart(2, '0')}`);
}

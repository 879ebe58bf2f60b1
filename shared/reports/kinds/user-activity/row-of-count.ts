/** Rows of tables that count what was done to something. */
import type { Cell } from '../../document.ts';
import type { Activity } from './activities.ts';
import { shownMoment } from './collected.ts';
import type { Count } from './counter.ts';

/** A cell for each of the columns that tables.ts gives such a table. */
export function rowOfCount(count: Count, activities: readonly Activity[]): readonly Cell[] {
  const done = activities.map((one) => count[one]);
  return [count.name, count.records, ...done, shownMoment(count.first), shownMoment(count.last)];
}

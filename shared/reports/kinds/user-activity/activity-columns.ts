/** Columns of tables that count what was done to something. */
import type { Cell, Column } from '../../document.ts';
import { activityTitles, type Activity } from './activities.ts';
import { shownMoment } from './collected.ts';
import type { Count } from './counter.ts';

export type ActivityColumns = readonly Activity[];

export function columnsOf(name: string, title: string, activities: ActivityColumns): readonly Column[] {
  return [
    { name, title, kind: 'text' },
    { name: 'records', title: 'Records', kind: 'count' },
    ...activities.map((one): Column => ({ name: one, title: activityTitles[one], kind: 'count' })),
    { name: 'first', title: 'First', kind: 'moment' },
    { name: 'last', title: 'Last', kind: 'moment' },
  ];
}

/** A cell for each of {@link columnsOf}. */
export function rowOfCount(count: Count, activities: ActivityColumns): readonly Cell[] {
  const done = activities.map((one) => count[one]);
  return [count.name, count.records, ...done, shownMoment(count.first), shownMoment(count.last)];
}

/** The points of charts over time. */
import { dayOf } from '../utc-day.ts';
import { maxChartPoints } from './document.ts';

const dayMs = 24 * 60 * 60_000;

interface Points {
  readonly title: 'Day' | 'Month';
  /** Beginnings of the texts of days. */
  readonly values: readonly string[];
}

/** Days of the range in UTC, half-open; months if there are too many days, and undefined if there are too many months. */
export function pointsOf({ from, to }: { readonly from: Date; readonly to: Date }): Points | undefined {
  const first = Date.parse(dayOf(from));
  const count = Math.ceil((to.getTime() - first) / dayMs);
  const days = Array.from({ length: count }, (_, at) => dayOf(new Date(first + at * dayMs)));
  if (count <= maxChartPoints) return { title: 'Day', values: days };
  const values = [...new Set(days.map((day) => day.slice(0, 'yyyy-MM'.length)))];
  return values.length > maxChartPoints ? undefined : { title: 'Month', values };
}

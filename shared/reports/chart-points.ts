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
  if (count > maxChartPoints) return monthsOf(from, new Date(to.getTime() - 1));
  return { title: 'Day', values: momentsOf(count, (at) => new Date(first + at * dayMs)).map(dayOf) };
}

/** @param last in the last month */
function monthsOf(first: Date, last: Date): Points | undefined {
  const [year, month] = [first.getUTCFullYear(), first.getUTCMonth()];
  const count = (last.getUTCFullYear() - year) * 12 + last.getUTCMonth() - month + 1;
  if (count > maxChartPoints) return undefined;
  const days = momentsOf(count, (at) => new Date(Date.UTC(year, month + at))).map(dayOf);
  return { title: 'Month', values: days.map((day) => day.slice(0, 'yyyy-MM'.length)) };
}

/** @param count at most {@link maxChartPoints}, however long the range is */
function momentsOf(count: number, momentAt: (at: number) => Date): readonly Date[] {
  return Array.from({ length: count }, (_, at) => momentAt(at));
}

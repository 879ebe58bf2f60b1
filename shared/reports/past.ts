/** The time before the range of a report, with which kinds compare it. */
import { dayOf } from '../utc-day.ts';

/** Whole days in UTC before the day on which the range begins. */
export const pastDays = 28;

const dayMs = 24 * 60 * 60_000;

interface Range {
  readonly from: Date;
  readonly to: Date;
}

/** The whole days, half-open: without the rest of the day before a range that begins within it. */
export function pastOf({ from }: Pick<Range, 'from'>): Range {
  const to = new Date(`${dayOf(from)}T00:00:00Z`);
  return { from: new Date(to.getTime() - pastDays * dayMs), to };
}

/** The range of the report, and the past. */
export function withPast({ from, to }: Range): Range {
  return { from: pastOf({ from }).from, to };
}

/** Everything since the beginning of {@link pastOf}, half-open. */
export function beforeRange({ from }: Pick<Range, 'from'>): Range {
  return { from: pastOf({ from }).from, to: from };
}

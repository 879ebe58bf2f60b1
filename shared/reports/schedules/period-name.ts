/** The range of a scheduled report in words. */
import { localDay } from '../../channels/local-time.ts';
import { dayOf } from '../../utc-day.ts';
import type { TimeSpan } from '../report-kind.ts';

const dayMs = 24 * 60 * 60_000;
const inMonth = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', month: 'long', year: 'numeric' });

/** `February 2026`, or the first and the last day: `2026-03-02 to 2026-03-08`. */
export function periodName(timeZone: string, { from, to }: TimeSpan): string {
  // A moment in the first day, and one in the last: midnight may be skipped, and a range ends where the next day begins.
  const [first, last] = [localDay(timeZone, from), localDay(timeZone, new Date(to.getTime() - 1))];
  const [firstDate, lastDate] = [new Date(first * dayMs), new Date(last * dayMs)];
  const isMonth = firstDate.getUTCDate() === 1 && new Date((last + 1) * dayMs).getUTCDate() === 1;
  return isMonth && last - first < 31
    ? inMonth.format(firstDate)
    : `${dayOf(firstDate)} to ${dayOf(lastDate)}`;
}

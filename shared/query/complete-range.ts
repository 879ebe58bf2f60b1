/** `to=complete`: a question about everything that is complete, whatever the time is. */
import type { AskedFilters, RecordFilters } from './filters.ts';

/** Nothing happened before it. */
const noTime = new Date(0);

/**
 * The end of a range that asks up to what is complete. If nothing of the range is, the range is empty.
 * @param completeThrough of all tenants; undefined if nothing is complete yet
 */
export function endOfComplete({ from = noTime }: AskedFilters, completeThrough = noTime): Date {
  return completeThrough < from ? from : completeThrough;
}

/** @param end that replaces `complete` */
export function withEnd<F extends AskedFilters>(filters: F, end: Date): RecordFilters & Omit<F, 'to'> {
  const { to, ...rest } = filters;
  return { ...rest, to: to === 'complete' ? end : to };
}

/** For readers in order of arrival, who get every record as soon as it is there. */
export function withoutEnd(filters: AskedFilters): RecordFilters {
  const { to, ...rest } = filters;
  return to === 'complete' ? rest : { ...rest, to };
}

/** The time window of a content listing. */

import { refuse } from './errors.ts';
import type { Reply } from '../http.ts';

export interface Window {
  readonly start: Date;
  readonly end: Date;
}

export type WindowResult =
  { readonly kind: 'window'; readonly window: Window } | { readonly kind: 'refusal'; readonly reply: Reply };

const dayMs = 24 * 60 * 60 * 1000;
const oldestMs = 7 * dayMs;
const timePattern = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,7})?)?Z?)?$/;

/**
 * Reads startTime and endTime: both or neither (then the last 24 hours), in order, at most 24 hours apart, and
 * none older than 7 days. The age limit does not apply to pages after the first.
 */
export const readWindow = (
  query: ReadonlyMap<string, string>,
  now: Date,
  isFirstPage: boolean,
): WindowResult => {
  const [startText, endText] = [query.get('starttime'), query.get('endtime')];
  if (startText === undefined && endText === undefined) {
    return accept({ start: new Date(now.getTime() - dayMs), end: now });
  }
  if (startText === undefined || endText === undefined) return reject(refuse('AF20055'));
  const [start, end] = [parseTime(startText), parseTime(endText)];
  if (start === undefined) return reject(refuse('AF20002', 'startTime', 'datetime'));
  if (end === undefined) return reject(refuse('AF20002', 'endTime', 'datetime'));
  const isTooOld = isFirstPage && start.getTime() < now.getTime() - oldestMs;
  const lengthMs = end.getTime() - start.getTime();
  return isTooOld || lengthMs <= 0 || lengthMs > dayMs ? reject(refuse('AF20055')) : accept({ start, end });
};

const accept = (window: Window): WindowResult => ({ kind: 'window', window });

const reject = (reply: Reply): WindowResult => ({ kind: 'refusal', reply });

/** Times without a time zone are UTC. */
const parseTime = (text: string): Date | undefined => {
  if (!timePattern.test(text)) return undefined;
  const time = new Date(text.endsWith('Z') || !text.includes('T') ? text : `${text}Z`);
  return Number.isNaN(time.getTime()) ? undefined : time;
};

/** From an event to a delivered record: the exact text, and the time when it becomes available. */
import type { SimulatedRecord } from '../tenant.ts';
import type { AuditEvent } from './audit-event.ts';
import { later } from './calendar.ts';
import { printRecord } from './print-record.ts';
import type { Prng, Weighted } from './prng.ts';

/** Delay of records, in minutes: `weight` of them between `from` and `to`. */
export interface DelayBand extends Weighted {
  readonly from: number;
  readonly to: number;
}

const hour = 60;
const day = 24 * hour;

/** Most records within an hour, 95% within a day, nearly all within two days, the last ones within a week. */
export const everydayDelays: readonly DelayBand[] = [
  { weight: 79, from: 5, to: 59 },
  { weight: 10, from: 60, to: 90 },
  { weight: 6, from: 90, to: day - 1 },
  { weight: 4.8, from: day, to: 2 * day },
  { weight: 0.2, from: 2 * day, to: 6.9 * day },
];

/** For what the demo must show: within an hour. */
export const promptDelays: readonly DelayBand[] = [{ weight: 1, from: 5, to: 55 }];

const escapings = [
  { weight: 60, escaping: 'none' },
  { weight: 25, escaping: 'slashes' },
  { weight: 15, escaping: 'unicode' },
] as const;

export const deliver = (event: AuditEvent, delays: readonly DelayBand[], prng: Prng): SimulatedRecord => {
  const { from, to } = prng.weighted(delays);
  return {
    contentType: event.contentType,
    text: printRecord(event.fields, prng.weighted(escapings).escaping),
    availableAt: later(event.at, from + prng.next() * (to - from)),
  };
};

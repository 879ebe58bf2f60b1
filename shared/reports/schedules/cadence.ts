/** When scheduled reports are due, and what range they are about. Pure. */
import * as z from 'zod';
import { clockTime, localDay, momentAt, timeZoneSchema } from '../../channels/local-time.ts';

/** In the order of their numbers: 1970-01-01 was a Thursday. */
const weekdays = ['thursday', 'friday', 'saturday', 'sunday', 'monday', 'tuesday', 'wednesday'] as const;

export const cadenceSchema = z
  .strictObject({
    every: z.enum(['week', 'month']).meta({ id: 'ReportPeriod', description: 'How often reports are sent.' }),
    weekday: z.enum(weekdays).optional().meta({ id: 'Weekday', description: 'Of every week: its day.' }),
    day: z
      .int()
      .min(1)
      .max(31)
      .optional()
      .meta({ description: 'Of every month: its day; the last one of months that are shorter.' }),
    at: clockTime,
    timeZone: timeZoneSchema,
  })
  .refine(
    ({ every, weekday, day }) => (every === 'week') === (weekday !== undefined && day === undefined),
    'must have a weekday if reports are sent every week, and a day if every month',
  )
  .refine(
    ({ every, weekday, day }) => (every === 'month') === (day !== undefined && weekday === undefined),
    'must have a weekday if reports are sent every week, and a day if every month',
  )
  .meta({
    id: 'ReportCadence',
    description:
      'When reports are sent. They are about the seven days, or the calendar month, before that day.',
  });
export type Cadence = Readonly<z.output<typeof cadenceSchema>>;

/** A moment at which reports are due. */
export interface Slot {
  readonly at: Date;
  /** Day of the calendar in the time zone, as of `localDay`. */
  readonly day: number;
}

const dayMs = 24 * 60 * 60_000;
const daysAWeek = 7;

/** The newest one at or before a moment. */
export function latestSlot(cadence: Cadence, by: Date): Slot {
  const found = slotsAround(cadence, by).findLast(({ at }) => at <= by);
  if (found === undefined) throw new RangeError('A cadence has a slot in any two months.');
  return found;
}

/** The first one later than a moment. */
export function nextSlot(cadence: Cadence, after: Date): Slot {
  const found = slotsAround(cadence, after).find(({ at }) => at > after);
  if (found === undefined) throw new RangeError('A cadence has a slot in any two months.');
  return found;
}

/** How many there are from one moment, included, to another one, excluded. */
export function slotsWithin(cadence: Cadence, from: Date, to: Date): number {
  let count = 0;
  for (let at = new Date(from.getTime() - 1); ; count++) {
    at = nextSlot(cadence, at).at;
    if (at >= to) return count;
  }
}

/**
 * The range of the reports that are due then, half-open: the seven days before the day, or the month before its month. Those
 * of one slot after the other leave nothing out.
 */
export function rangeOf({ every, timeZone }: Cadence, { day }: Pick<Slot, 'day'>) {
  const [from, to] =
    every === 'week' ? [day - daysAWeek, day] : [firstOfMonth(day, -1), firstOfMonth(day, 0)];
  return { from: momentAt(timeZone, from, midnight), to: momentAt(timeZone, to, midnight) };
}

const midnight = '00:00';

/** Those of some weeks or months before and after, in order. */
function slotsAround(cadence: Cadence, around: Date): readonly Slot[] {
  const { timeZone, at } = cadence;
  return daysAround(cadence, localDay(timeZone, around)).map((day) => ({
    day,
    at: momentAt(timeZone, day, at),
  }));
}

const around = [-2, -1, 0, 1, 2] as const;

function daysAround({ weekday, day: wanted = 1 }: Cadence, today: number): readonly number[] {
  if (weekday === undefined) return around.map((months) => dayOfMonth(today, months, wanted));
  const thisWeek = today - ((today - weekdays.indexOf(weekday)) % daysAWeek);
  return around.map((weeks) => thisWeek + weeks * daysAWeek);
}

function firstOfMonth(day: number, months: number): number {
  const date = new Date(day * dayMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1) / dayMs;
}

function dayOfMonth(today: number, months: number, wanted: number): number {
  const lastDay = firstOfMonth(today, months + 1) - 1;
  return Math.min(firstOfMonth(today, months) + wanted - 1, lastDay);
}

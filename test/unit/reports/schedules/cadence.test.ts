/** When schedules are due: on the day and at the time that clocks show there, whatever they do in between. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localDay, localMinutes, momentAt } from '../../../../shared/channels/local-time.ts';
import {
  cadenceSchema,
  latestSlot,
  nextSlot,
  rangeOf,
  slotsWithin,
  type Cadence,
} from '../../../../shared/reports/schedules/cadence.ts';
import { periodName } from '../../../../shared/reports/schedules/period-name.ts';
import { dayMs, hourMs } from '../../../support/clock.ts';

const weekdays = cadenceSchema.shape.weekday.unwrap().options;
const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Pacific/Auckland',
  'America/Santiago',
];
const timeOfDay = fc.integer({ min: 0, max: 24 * 60 - 1 }).map((minutes) => {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
});
const cadences: fc.Arbitrary<Cadence> = fc
  .tuple(fc.boolean(), fc.nat(30), timeOfDay, fc.constantFrom(...zones))
  .map(([isWeekly, number, at, timeZone]) => ({
    ...(isWeekly
      ? ({ every: 'week', weekday: weekdays[number % 7] } as const)
      : ({ every: 'month', day: number + 1 } as const)),
    ...{ at, timeZone },
  }));
const moments = fc.date({
  min: new Date('2020-01-01T00:00:00Z'),
  max: new Date('2035-01-01T00:00:00Z'),
  noInvalidDate: true,
});

describe('slots', () => {
  it('are one after the other: what is next after the latest one is later than the moment', () => {
    fc.assert(
      fc.property(cadences, moments, (cadence, at) => {
        const [latest, next] = [latestSlot(cadence, at), nextSlot(cadence, at)];
        expect(latest.at <= at && at < next.at).toBe(true);
        expect(nextSlot(cadence, latest.at)).toEqual(next);
        expect(latestSlot(cadence, new Date(next.at.getTime() - 1))).toEqual(latest);
        expect(slotsWithin(cadence, latest.at, next.at)).toBe(1);
      }),
    );
  });

  it('are on the day of the week or the month there, the last one of short months', () => {
    fc.assert(
      fc.property(cadences, moments, (cadence, moment) => {
        const { day, at } = nextSlot(cadence, moment);
        const date = new Date(day * dayMs);
        expect(localDay(cadence.timeZone, at)).toBe(day);
        if (cadence.weekday !== undefined)
          expect(date.toLocaleString('en-US', { weekday: 'long', timeZone: 'UTC' }).toLowerCase()).toBe(
            cadence.weekday,
          );
        const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
        if (cadence.day !== undefined) expect(date.getUTCDate()).toBe(Math.min(cadence.day, lastDay));
      }),
    );
  });

  it('have ranges that leave nothing out and have nothing twice', () => {
    fc.assert(
      fc.property(cadences, moments, (cadence, moment) => {
        const first = nextSlot(cadence, moment);
        const second = nextSlot(cadence, first.at);
        expect(rangeOf(cadence, second).from).toEqual(rangeOf(cadence, first).to);
        const { from, to } = rangeOf(cadence, first);
        expect(from < to && to <= new Date(first.at.getTime() + 2 * hourMs)).toBe(true);
      }),
    );
  });

  it.each([
    ['31', '2026-02-10T00:00:00Z', '2026-02-28T07:00:00.000Z'],
    ['31', '2028-02-10T00:00:00Z', '2028-02-29T07:00:00.000Z'],
    ['30', '2026-04-10T00:00:00Z', '2026-04-30T06:00:00.000Z'],
  ])('of day %s after %s: %s', (day, after, expected) => {
    const cadence = { every: 'month', day: Number(day), at: '08:00', timeZone: 'Europe/Berlin' } as const;
    expect(nextSlot(cadence, new Date(after)).at.toISOString()).toBe(expected);
  });
});

describe('a time of the day', () => {
  it('that is skipped is as much later as clocks are moved, and of one that comes twice it is the first', () => {
    const day = (text: string) => Date.parse(text) / dayMs;
    const berlin = (date: string, time: string) => momentAt('Europe/Berlin', day(date), time).toISOString();
    expect(berlin('2026-03-29', '02:30')).toBe('2026-03-29T01:30:00.000Z');
    expect(berlin('2026-10-25', '02:30')).toBe('2026-10-25T00:30:00.000Z');
    // Clocks are moved at midnight there: the day begins at one.
    expect(momentAt('America/Santiago', day('2026-09-06'), '00:00').toISOString()).toBe(
      '2026-09-06T04:00:00.000Z',
    );
  });

  it('is shown by clocks there, unless it is skipped', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), moments, timeOfDay, (zone, moment, time) => {
        const day = localDay(zone, moment);
        const at = momentAt(zone, day, time);
        expect(localDay(zone, at)).toBe(day);
        const [hours = 0, minutes = 0] = time.split(':').map(Number);
        const late = localMinutes(zone, at) - (hours * 60 + minutes);
        expect([0, 60]).toContain(late);
      }),
    );
  });
});

describe('a cadence', () => {
  it.each([
    { every: 'week', at: '08:00', timeZone: 'UTC' },
    { every: 'week', weekday: 'monday', day: 1, at: '08:00', timeZone: 'UTC' },
    { every: 'month', weekday: 'monday', at: '08:00', timeZone: 'UTC' },
    { every: 'month', day: 32, at: '08:00', timeZone: 'UTC' },
    { every: 'month', day: 1, at: '8:00', timeZone: 'UTC' },
    { every: 'month', day: 1, at: '08:00', timeZone: 'Mars/Olympus' },
  ])('is refused: %j', (given) => {
    expect(cadenceSchema.safeParse(given).success).toBe(false);
  });
});

describe('the name of a range', () => {
  it('is a month, or its first and its last day', () => {
    const named = (cadence: Cadence, at: string) =>
      periodName(cadence.timeZone, rangeOf(cadence, latestSlot(cadence, new Date(at))));
    const monthly = { every: 'month', day: 1, at: '06:00', timeZone: 'America/New_York' } as const;
    const weekly = { every: 'week', weekday: 'monday', at: '06:00', timeZone: 'Asia/Kolkata' } as const;
    expect(named(monthly, '2026-03-05T00:00:00Z')).toBe('February 2026');
    expect(named(weekly, '2026-03-10T12:00:00Z')).toBe('2026-03-02 to 2026-03-08');
  });
});

/** When messages are due: quiet hours and digests in time zones, clocks that are changed included. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localMinutes, minutesOf, nextAt } from '../../../shared/channels/local-time.ts';
import { dueAt } from '../../../shared/channels/when.ts';

const at = (text: string) => new Date(`${text}:00.000Z`);
const quietHours = { timeZone: 'Europe/Berlin', from: '18:00', to: '07:30' };
const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'UTC',
  'America/St_Johns',
];

describe('a message', () => {
  it.each([
    ['2026-01-10T16:59', '2026-01-10T16:59'],
    ['2026-01-10T17:00', '2026-01-11T06:30'],
    ['2026-01-11T06:29', '2026-01-11T06:30'],
    ['2026-01-11T06:30', '2026-01-11T06:30'],
    // Clocks are advanced on March 29 and set back on October 25.
    ['2026-03-28T20:00', '2026-03-29T05:30'],
    ['2026-10-24T20:00', '2026-10-25T06:30'],
  ])('that is found at %s is due at %s', (found, due) => {
    expect(dueAt({ quietHours }, { severity: 'high' }, at(found))).toEqual(at(due));
  });

  it('waits for the end of quiet hours also when they are within a day', () => {
    const within = { ...quietHours, from: '12:00', to: '13:00' };
    expect(dueAt({ quietHours: within }, { severity: 'low' }, at('2026-01-10T11:30'))).toEqual(
      at('2026-01-10T12:00'),
    );
    expect(dueAt({ quietHours: within }, { severity: 'low' }, at('2026-01-10T12:00'))).toEqual(
      at('2026-01-10T12:00'),
    );
  });

  it('that is urgent enough waits for nothing', () => {
    const channel = { quietHours, digest: { every: 'hour' }, urgentFrom: 'high' } as const;
    expect(dueAt(channel, { severity: 'critical' }, at('2026-01-10T20:10'))).toEqual(at('2026-01-10T20:10'));
    expect(dueAt(channel, { severity: 'medium' }, at('2026-01-10T20:10'))).toEqual(at('2026-01-11T06:30'));
  });

  it('is due at the time of its digest', () => {
    const daily = { every: 'day', timeZone: 'America/New_York', at: '08:00' } as const;
    expect(dueAt({ digest: { every: 'hour' } }, { severity: 'low' }, at('2026-01-10T10:00'))).toEqual(
      at('2026-01-10T11:00'),
    );
    expect(dueAt({ digest: daily }, { severity: 'low' }, at('2026-01-10T12:59'))).toEqual(
      at('2026-01-10T13:00'),
    );
    expect(dueAt({ digest: daily }, { severity: 'low' }, at('2026-01-10T13:00'))).toEqual(
      at('2026-01-11T13:00'),
    );
    expect(dueAt({ digest: daily }, { severity: 'low' }, at('2026-03-07T13:00'))).toEqual(
      at('2026-03-08T12:00'),
    );
  });
});

it('the next moment of a time is later, within 25 hours, and shows that time unless clocks skip it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 0, max: 59 }),
      fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) }),
      (zone, hour, minute, time) => {
        const text = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
        const next = nextAt(zone, text, new Date(time));
        const waitMs = next.getTime() - time;
        expect(waitMs).toBeGreaterThan(0);
        expect(waitMs).toBeLessThanOrEqual(26 * 60 * 60_000);
        const off = Math.abs(localMinutes(zone, next) - minutesOf(text));
        expect(Math.min(off, 1440 - off)).toBeLessThanOrEqual(60);
      },
    ),
    { numRuns: 2000 },
  );
});

/** Bars over time: each record in one, side by side, and what is chosen of them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  brushed,
  mostBars,
  movedBrush,
  stepOf,
  timeBars,
  type TimeGroup,
} from '../../../console/search/time-bars.ts';

const start = Date.UTC(2026, 9, 1, 7, 30);
const iso = (ms: number) => new Date(ms).toISOString();
const hourMs = 3_600_000;

describe('bars over time', () => {
  const rangeAndHours = fc
    .tuple(fc.integer({ min: 1, max: 5 * 366 * 24 }), fc.array(fc.nat(), { maxLength: 50 }))
    .map(([hours, places]) => ({
      range: { from: iso(start), to: iso(start + hours * hourMs) },
      times: places.map((place) => start + (place % hours) * hourMs),
    }));

  it('cover the range without a hole, are not too many, and have each record once', () => {
    fc.assert(
      fc.property(rangeAndHours, ({ range, times }) => {
        const step = stepOf(range);
        const groups = times.map((at): TimeGroup =>
          step === 'day'
            ? { day: iso(at).slice(0, 10), count: 1 }
            : { hour: `${iso(at).slice(0, 13)}:00:00Z`, count: 1 },
        );
        const bars = timeBars(groups, step, range);
        expect(bars[0]?.from).toBe(range.from);
        expect(bars.at(-1)?.to).toBe(range.to);
        expect(bars.slice(1).map(({ from }) => from)).toEqual(bars.slice(0, -1).map(({ to }) => to));
        expect(bars.length).toBeLessThanOrEqual(mostBars);
        expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(times.length);
      }),
    );
  });

  it('are hours of four days and less, and days of more', () => {
    const range = (hours: number) => ({ from: iso(start), to: iso(start + hours * hourMs) });
    expect([stepOf(range(96)), stepOf(range(97)), stepOf({ from: undefined, to: iso(start) })]).toEqual([
      ...['hour', 'day', 'day'],
    ]);
  });

  it('of an open range begin with the first record', () => {
    const range = { from: undefined, to: '2026-10-03T12:00:00.000Z' };
    expect(timeBars([{ day: '2026-10-02', count: 3 }], 'day', range)).toEqual([
      { from: '2026-10-02T00:00:00.000Z', to: '2026-10-03T00:00:00.000Z', count: 3 },
      { from: '2026-10-03T00:00:00.000Z', to: range.to, count: 0 },
    ]);
    expect(timeBars([], 'day', range)).toEqual([]);
  });
});

describe('a choice of bars', () => {
  it('moves with arrows, grows with Shift, and stays within', () => {
    const at = (key: string, isExtending = false) => ({ key, isExtending });
    expect(movedBrush({ anchor: 2, focus: 2 }, at('ArrowRight'), 5)).toEqual({ anchor: 3, focus: 3 });
    expect(movedBrush({ anchor: 2, focus: 2 }, at('ArrowLeft', true), 5)).toEqual({ anchor: 2, focus: 1 });
    expect(movedBrush({ anchor: 2, focus: 4 }, at('ArrowRight', true), 5)).toEqual({ anchor: 2, focus: 4 });
    expect(movedBrush({ anchor: 2, focus: 2 }, at('Home', true), 5)).toEqual({ anchor: 2, focus: 0 });
    expect(movedBrush({ anchor: 2, focus: 2 }, at('a'), 5)).toBeUndefined();
    expect(movedBrush({ anchor: 2, focus: 2 }, at('constructor'), 5)).toBeUndefined();
  });

  it('is the time from its first bar to the end of its last, in either direction', () => {
    const bars = [1, 2, 3].map((day) => ({ from: `2026-10-0${day}`, to: `2026-10-0${day + 1}`, count: day }));
    const chosen = { from: '2026-10-02', to: '2026-10-04', count: 5 };
    expect(brushed(bars, { anchor: 1, focus: 2 })).toEqual(chosen);
    expect(brushed(bars, { anchor: 2, focus: 1 })).toEqual(chosen);
    expect(brushed(bars, { anchor: 2, focus: 3 })).toBeUndefined();
  });
});

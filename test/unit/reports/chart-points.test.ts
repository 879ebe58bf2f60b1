import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pointsOf } from '../../../shared/reports/chart-points.ts';

const range = (from: string, to: string) => ({ from: new Date(from), to: new Date(to) });
const dayMs = 24 * 60 * 60_000;

describe('the points of a chart over time', () => {
  it('are the days of the range, half-open', () => {
    expect(pointsOf(range('2026-02-27T12:00:00Z', '2026-03-02T00:00:00Z'))).toEqual({
      title: 'Day',
      values: ['2026-02-27', '2026-02-28', '2026-03-01'],
    });
  });

  it('are months where there are too many days', () => {
    const points = pointsOf(range('2025-01-31T00:00:00Z', '2026-04-01T00:00:00Z'));
    expect([points?.title, points?.values.length]).toEqual(['Month', 15]);
    expect([points?.values[0], points?.values.at(-1)]).toEqual(['2025-01', '2026-03']);
  });

  it('are the months of all days, and none twice', () => {
    const bounds = fc.record({
      from: fc.integer({ min: 0, max: 12_000 }),
      days: fc.integer({ min: 401, max: 9000 }),
      ms: fc.nat({ max: dayMs - 1 }),
    });
    fc.assert(
      fc.property(bounds, ({ from, days, ms }) => {
        const [start, end] = [from * dayMs + ms, (from + days) * dayMs];
        const every = Array.from({ length: days }, (_, at) =>
          new Date((from + at) * dayMs).toISOString().slice(0, 7),
        );
        expect(pointsOf({ from: new Date(start), to: new Date(end) })?.values).toEqual([...new Set(every)]);
      }),
      { numRuns: 50 },
    );
  });

  it('are none where there are too many months, which no one waits for', () => {
    const begun = performance.now();
    for (let times = 0; times < 100; times += 1)
      expect(pointsOf(range('0001-01-01T00:00:00Z', '9999-01-01T00:00:00Z'))).toBeUndefined();
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});

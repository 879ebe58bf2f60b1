import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  feedRetentionMs,
  floorToSecond,
  maxWindowMs,
  oldestListable,
  sliceWindow,
} from '../../../shared/activity/windows.ts';

const anyTime = fc.date({
  min: new Date('2020-01-01T00:00:00Z'),
  max: new Date('2035-01-01T00:00:00Z'),
  noInvalidDate: true,
});
const anyLengthMs = fc.integer({ min: 1, max: 10 * maxWindowMs });

describe('slicing a window', () => {
  it('tiles it without gap or overlap, in slices of at most the requested length', () => {
    fc.assert(
      fc.property(
        anyTime,
        anyLengthMs,
        fc.integer({ min: 3_600_000, max: maxWindowMs }),
        (start, length, max) => {
          const end = new Date(start.getTime() + length);
          const slices = sliceWindow({ start, end }, max);
          expect(slices[0]?.start).toEqual(start);
          expect(slices.at(-1)?.end).toEqual(end);
          for (const [index, slice] of slices.entries()) {
            expect(slice.end.getTime()).toBeGreaterThan(slice.start.getTime());
            expect(slice.end.getTime() - slice.start.getTime()).toBeLessThanOrEqual(max);
            if (index > 0) expect(slice.start).toEqual(slices[index - 1]?.end);
          }
        },
      ),
    );
  });

  it('uses 24 hours by default', () => {
    fc.assert(
      fc.property(anyTime, anyLengthMs, (start, length) => {
        const slices = sliceWindow({ start, end: new Date(start.getTime() + length) });
        expect(slices).toHaveLength(Math.ceil(length / maxWindowMs));
      }),
    );
  });

  it('returns nothing for a window that is empty or ends before it starts', () => {
    fc.assert(
      fc.property(anyTime, fc.nat(maxWindowMs), (start, before) => {
        expect(sliceWindow({ start, end: new Date(start.getTime() - before) })).toEqual([]);
      }),
    );
  });
});

describe('the limits of the feed', () => {
  it('lists nothing older than 7 days, with a margin for clocks that disagree', () => {
    const now = new Date('2026-03-10T12:00:00Z');
    expect(now.getTime() - oldestListable(now).getTime()).toBe(feedRetentionMs - 5 * 60_000);
  });

  it('rounds down to the second and keeps whole seconds', () => {
    fc.assert(
      fc.property(anyTime, (time) => {
        const floored = floorToSecond(time);
        expect(floored.getMilliseconds()).toBe(0);
        expect(time.getTime() - floored.getTime()).toBeLessThan(1000);
        expect(floorToSecond(floored)).toEqual(floored);
        expect(floored.getTime()).toBeLessThanOrEqual(time.getTime());
      }),
    );
  });
});

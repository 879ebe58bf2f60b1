import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feedRetentionMs, oldestListable } from '../../../shared/activity/windows.ts';
import { windowToList } from '../../../shared/landing/list-new-content.ts';
import { dayMs, minuteMs } from '../../support/clock.ts';

const now = new Date('2026-03-10T12:00:00.789Z');
const anyAgeMs = fc.integer({ min: 0, max: 30 * dayMs });

describe('the window to list', () => {
  it('overlaps the previous one, so that late content is found', () => {
    const listedThrough = new Date(now.getTime() - 5 * minuteMs);
    const { start } = windowToList(listedThrough, now);
    expect(listedThrough.getTime() - start.getTime()).toBeGreaterThanOrEqual(10 * minuteMs);
  });

  it('leaves no gap after the previous one that the feed could still list', () => {
    fc.assert(
      fc.property(anyAgeMs, (ageMs) => {
        const listedThrough = new Date(now.getTime() - ageMs);
        const { start } = windowToList(listedThrough, now);
        const reachable = Math.max(listedThrough.getTime(), oldestListable(now).getTime());
        expect(start.getTime()).toBeLessThanOrEqual(reachable);
      }),
    );
  });

  it('never starts more than 7 days ago and ends in the past, both to the second', () => {
    fc.assert(
      fc.property(fc.option(anyAgeMs, { nil: undefined }), (ageMs) => {
        const listedThrough = ageMs === undefined ? undefined : new Date(now.getTime() - ageMs);
        const { start, end } = windowToList(listedThrough, now);
        expect(start.getTime()).toBeGreaterThan(now.getTime() - feedRetentionMs);
        expect(end.getTime()).toBeLessThan(now.getTime());
        expect([start.getMilliseconds(), end.getMilliseconds()]).toEqual([0, 0]);
      }),
    );
  });

  it('is everything the feed still has for a type that was never listed', () => {
    const { start } = windowToList(undefined, now);
    expect(start.getTime()).toBeLessThanOrEqual(oldestListable(now).getTime());
  });
});

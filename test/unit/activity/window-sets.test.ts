/** Sets of time as lists of windows. */
import { describe, expect, it } from 'vitest';
import { covers, mergeWindows } from '../../../shared/activity/window-sets.ts';

const at = (hour: number) => new Date(Date.UTC(2026, 2, 1, hour));
const window = (start: number, end: number) => ({ start: at(start), end: at(end) });

describe('merging windows', () => {
  it.each([
    [[], []],
    [[window(1, 2)], [window(1, 2)]],
    [
      [window(3, 4), window(1, 2)],
      [window(1, 2), window(3, 4)],
    ],
    [[window(2, 3), window(1, 2)], [window(1, 3)]],
    [[window(1, 5), window(2, 3)], [window(1, 5)]],
    [[window(1, 3), window(2, 4)], [window(1, 4)]],
    [[window(2, 2), window(4, 3)], []],
  ])('%j gives %j', (windows, merged) => {
    expect(mergeWindows(windows)).toEqual(merged);
  });
});

describe('a set of windows covers a window', () => {
  it.each([
    [window(1, 4), true],
    [window(2, 3), true],
    [window(0, 2), false],
    [window(3, 6), false],
    [window(9, 9), true],
    [window(9, 8), true],
  ])('%j: %s', (one, isCovered) => {
    expect(covers([window(1, 4), window(5, 7)], one)).toBe(isCovered);
  });
});

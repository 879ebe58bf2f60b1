/** Ranges as RFC 9110 has them. */
import { describe, expect, it } from 'vitest';
import { parseRange } from '../../../shared/exports/byte-range.ts';

describe('of a file of 10 bytes', () => {
  it.each([
    ['bytes=0-0', { first: 0, last: 0 }],
    ['bytes=2-5', { first: 2, last: 5 }],
    ['Bytes = 2 - 5', { first: 2, last: 5 }],
    ['bytes=7-', { first: 7, last: 9 }],
    ['bytes=7-99', { first: 7, last: 9 }],
    ['bytes=-3', { first: 7, last: 9 }],
    ['bytes=-99', { first: 0, last: 9 }],
  ])('%s is a part', (header, range) => {
    expect(parseRange(header, 10)).toEqual(range);
  });

  it.each(['bytes=10-', 'bytes=10-12', 'bytes=-0'])('%s is out of range', (header) => {
    expect(parseRange(header, 10)).toBe('unsatisfiable');
  });

  it.each([null, '', 'bytes=', 'bytes=-', 'bytes=5-2', 'bytes=0-1,4-5', 'lines=0-1', 'bytes=a-b', '0-1'])(
    '%s is ignored',
    (header) => {
      expect(parseRange(header, 10)).toBe('whole');
    },
  );
});

it('an empty file has no parts', () => {
  expect(parseRange('bytes=0-', 0)).toBe('unsatisfiable');
  expect(parseRange('bytes=-1', 0)).toBe('unsatisfiable');
  expect(parseRange(null, 0)).toBe('whole');
});

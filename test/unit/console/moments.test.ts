/** Times in the reader's zone, next to UTC. */
import { describe, expect, it } from 'vitest';
import { localOf } from '../../../console/parts/moments.ts';

describe('a time in the zone of its reader', () => {
  const winter = new Date('2026-11-30T23:30:00Z');

  it.each(['UTC', 'Etc/UTC', 'Europe/London'])('is not said again where it is that of UTC: %s', (zone) => {
    expect(localOf(winter, zone)).toBeUndefined();
  });

  it.each([
    ['Europe/Berlin', '2026-12-01 00:30:00 (UTC+1)'],
    ['America/New_York', '18:30:00 (UTC-5)'],
    ['Pacific/Honolulu', '13:30:00 (UTC-10)'],
  ])('has its distance, and the date where it is another one: %s', (zone, text) => {
    expect(localOf(winter, zone)).toBe(text);
  });
});

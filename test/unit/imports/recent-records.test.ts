/** What the feed may still deliver is not imported: it would never be announced. */
import { describe, expect, it } from 'vitest';
import { takeRecord } from '../../../shared/imports/take-record.ts';
import { dayMs, minuteMs } from '../../support/clock.ts';
import { importStart, oldRecord, tenantId } from './import-world.ts';

function take(ageMs: number) {
  const time = new Date(importStart.getTime() - ageMs).toISOString();
  const row = { value: oldRecord(1, { CreationTime: time }), place: 'row 1' };
  return takeRecord(row, { tenantId, now: importStart });
}

describe('a record that the feed may still deliver', () => {
  it.each([0, 3 * dayMs, 8 * dayMs - minuteMs])('is refused, %s ms old', (age) => {
    expect(take(age)).toEqual({ reason: 'tooRecent' });
  });

  it('is taken once the feed no longer reaches back to it', () => {
    expect(take(8 * dayMs)).toHaveProperty('text');
  });

  it('is refused for its time first if that is in the future', () => {
    expect(take(-2 * dayMs)).toEqual({ reason: 'implausibleTime' });
  });
});

/** Revisits after collection stopped for longer than the feed goes back. */
import { expect, it } from 'vitest';
import { oldestListable } from '../../../shared/activity/windows.ts';
import { openHistory } from '../../../shared/landing/listing-history.ts';
import { revisit, revisitedFrom } from '../../../shared/landing/revisits.ts';
import { dayMs, hourMs } from '../../support/clock.ts';

it('begin again after an outage of more than seven days: what is older can never be listed again', () => {
  const now = new Date('2026-03-20T12:00:00Z');
  const stopped = new Date(now.getTime() - 10 * dayMs);
  const before = {
    ...({ contentType: 'Audit.General', listedThrough: stopped, measuredFrom: stopped } as const),
    revisitedThrough: revisitedFrom(stopped),
  };
  const { revisitedThrough } = openHistory(before, now);
  const slice = { start: oldestListable(now), end: now, through: now, requestedAt: now, answeredAt: now };
  const reached = [1, 6, 18].map((hours) => new Date(now.getTime() - hours * hourMs));
  expect(revisit(revisitedThrough, slice)).toEqual(reached);
});

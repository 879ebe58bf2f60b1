/** Ranges of which Microsoft shows far fewer records than it says that it found, and does not say why. */
import { describe, expect, it } from 'vitest';
import { minuteMs } from '../../support/clock.ts';
import { guidOf } from '../index/placed-records.ts';
import { createBackfillWorld, daysAgo, recordAgo, tenantId, type BackfillWorld } from './backfill-world.ts';

async function backfilled(world: BackfillWorld) {
  const { id } = await world.start();
  await world.settle();
  return await world.endOf(id);
}

/** Six records a day, from three to thirty days ago. */
const hours = Array.from({ length: 162 }, (_, at) => 3 * 24 + at * 4);
/** Of one second, so many that no split helps. */
const atOnce = (count: number) =>
  Array.from({ length: count }, (_, at) => recordAgo(200, { Id: guidOf(1000 + at) }));

/** Queries take time, as landings of the same rows at the same moment would be one. */
const withholding = (reads: number, rows: number, ago: readonly number[] = []) =>
  createBackfillWorld(ago, { withholds: { reads, rows }, runsMs: minuteMs, landingBytes: 100_000 });

const whole = { start: daysAgo(30), end: daysAgo(2) };
const always = Infinity;

describe('a backfill that is shown far fewer records than Microsoft found', () => {
  it('reads the query again, and is content when everything is shown', async () => {
    const world = withholding(2, 3, hours);
    expect(await backfilled(world)).toMatchObject({ status: 'Succeeded', addedCount: 162, queryCount: 3 });
    expect((await world.tenants.get(tenantId))?.backfilled).toEqual([whole]);
  });

  it('searches shorter ranges, which show everything', async () => {
    const world = withholding(always, 25, hours);
    expect(await backfilled(world)).toMatchObject({ status: 'Succeeded', addedCount: 162, unfinished: [] });
  });

  it('names the shortest range where that does not help, claims it never, and keeps what it found', async () => {
    const world = withholding(always, 3);
    world.auditSearch.log(atOnce(1000));
    const result = await backfilled(world);
    expect(result).toMatchObject({ status: 'Failed', errorCode: 'BackfillIncomplete', addedCount: 3 });
    expect(result.unfinished).toMatchObject([{ reason: 'fewerThanFound' }]);
    const [{ fromDateTime, toDateTime } = { fromDateTime: '', toDateTime: '' }] = result.unfinished;
    expect((await world.tenants.get(tenantId))?.backfilled).toEqual([
      { start: whole.start, end: new Date(fromDateTime) },
      { start: new Date(toDateTime), end: whole.end },
    ]);
  });

  it('does not make query after query where Microsoft shows nothing of what it counts', async () => {
    const world = withholding(always, 0, hours);
    const result = await backfilled(world);
    expect(result).toMatchObject({ status: 'Failed', rangesDone: 1, addedCount: 0 });
    expect(result.queryCount).toBeLessThanOrEqual(3 * 17);
  });
});

describe('a backfill takes a count for what it is, approximate', () => {
  it.each([
    ['a tenth of many', 200, 180, 'Succeeded'],
    ['more than a tenth of many', 200, 179, 'Failed'],
    ['ten of few', 30, 20, 'Succeeded'],
    ['more than ten of few', 30, 19, 'Failed'],
    ['all of few', 2, 0, 'Failed'],
  ])('lacking %s (%i found, %i shown): %s', async (_what, found, rows, status) => {
    const world = withholding(always, rows);
    world.auditSearch.log(atOnce(found));
    expect(await backfilled(world)).toMatchObject({ status, addedCount: rows });
  });
});

/** What a backfill says of its range when the tenant changed while it ran. */
import { describe, expect, it } from 'vitest';
import { newOperationId } from '../../../shared/operations/operation.ts';
import type { TenantChanges } from '../../../shared/tenants/tenant.ts';
import { createBackfillWorld, daysAgo, tenantId, type BackfillWorld } from './backfill-world.ts';

const few = Array.from({ length: 7 }, (_, at) => 3 * 24 + at * 5);
const other = { start: daysAgo(20), end: daysAgo(19) };

describe('a backfill that ends after a purge was requested and canceled', () => {
  const purgedMeanwhile = async (world: BackfillWorld, changes: TenantChanges) => {
    const found = await world.tenants.get(tenantId);
    if (found === undefined) throw new Error('The tenant does not exist.');
    world.clock.advance(1000);
    await world.tenants.update(tenantId, { removalId: newOperationId(world.clock.now()), ...changes });
  };

  it('does not count what it found as backfilled: it may have been deleted', async () => {
    const world = createBackfillWorld(few);
    const { id } = await world.start({ from: daysAgo(5) });
    await world.step();
    await purgedMeanwhile(world, { backfilled: [] });
    await world.settle();
    expect(await world.endOf(id)).toMatchObject({ status: 'Succeeded' });
    expect((await world.tenants.get(tenantId))?.backfilled).toEqual([]);
  });

  it('counts it when the removal was before it', async () => {
    const world = createBackfillWorld(few);
    await purgedMeanwhile(world, {});
    world.clock.advance(1000);
    await world.start({ from: daysAgo(5) });
    await world.settle();
    expect((await world.tenants.get(tenantId))?.backfilled).toHaveLength(1);
  });

  it.each([
    ['its removal begins', { state: 'Removing', backfilled: [] }, []],
    ['another backfill ends', { backfilled: [other] }, [other, { start: daysAgo(5) }]],
  ] as const)('while %s undoes nothing', async (_what, changes, expected) => {
    const world = createBackfillWorld(few);
    await world.start({ from: daysAgo(5) });
    let isChanged = false;
    const counting = { ...world.landings };
    world.landings.importTotals = async (...asked) => {
      const totals = await counting.importTotals(...asked);
      if (totals.indexedLandings > 0 && !isChanged) {
        isChanged = true;
        await world.tenants.update(tenantId, changes);
      }
      return totals;
    };
    await world.settle();
    expect((await world.tenants.get(tenantId))?.backfilled).toMatchObject(expected);
  });
});

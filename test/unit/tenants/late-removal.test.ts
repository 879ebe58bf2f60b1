/** Messages of removals that come after another removal has ended: what is gone by then was not deleted by them. */
import { expect, it } from 'vitest';
import { publicRemovalResult } from '../../../shared/offboarding/certificate.ts';
import type { TenantData } from '../../../shared/offboarding/removal.ts';
import type { TenantStore } from '../../../shared/tenants/tenant.ts';
import { minuteMs } from '../../support/clock.ts';
import { fabrikamId } from '../../support/tenants.ts';
import { runRemoval } from './onboarding-world.ts';
import {
  cancel,
  collected,
  createRemovalWorld,
  isThere,
  messageOf,
  newest,
  nothing,
  read,
  shown,
  start,
} from './removal-world.ts';

/** A purge that has stopped the subscriptions and deleted a little, and whose message comes late. */
async function interrupted() {
  const world = createRemovalWorld();
  const purge = await start(world);
  let pieces = 0;
  world.tenantData.beforeEach(() => {
    if (++pieces === 2) throw new Error('Storage is away.');
  });
  await expect(world.runRemoval(messageOf(world, purge))).rejects.toThrow('away');
  world.tenantData.beforeEach(() => undefined);
  world.clock.advance(10 * minuteMs);
  return { world, purge };
}

it('of a purge that was canceled, after a removal that kept the data: canceled, with no certificate', async () => {
  const { world, purge } = await interrupted();
  await cancel(world, purge);
  const keep = await start(world, false);
  await world.runRemoval(messageOf(world, keep));
  expect(await shown(world, keep)).toMatchObject({ status: 'Succeeded' });
  expect(await isThere(world)).toBe(false);
  await world.runRemoval(messageOf(world, purge));
  const late = publicRemovalResult(await read(world, purge));
  expect(late.status).toBe('Canceled');
  expect(late.certificate).toBeUndefined();
  expect(world.tenantData.left(fabrikamId)).not.toEqual(collected);
});

it('of a purge whose tenant something else deleted: no certificate', async () => {
  const { world, purge } = await interrupted();
  await world.tenants.remove(await world.stored());
  await world.runRemoval(messageOf(world, purge));
  const late = publicRemovalResult(await read(world, purge));
  expect(late).toMatchObject({ status: 'Succeeded', errorCode: 'RemovalSuperseded' });
  expect(late.certificate).toBeUndefined();
});

it('of a purge whose tenant something else deletes while it runs: no certificate', async () => {
  const world = createRemovalWorld();
  const removal = await start(world);
  await world.runRemoval(messageOf(world, removal));
  world.clock.advance(20 * minuteMs);
  const purge: TenantData['purge'] = async (...asked) => {
    await world.tenants.remove(await world.stored());
    return await world.tenantData.purge(...asked);
  };
  await runRemoval({ ...world.depsOf(), tenantData: { purge } }, newest(world));
  await world.runRemoval(newest(world));
  const late = publicRemovalResult(await read(world, removal));
  expect(late).toMatchObject({ status: 'Succeeded', errorCode: 'RemovalSuperseded' });
});

it('of a purge that was canceled after it had deleted everything: it ends, and no other one takes over', async () => {
  const world = createRemovalWorld();
  const purge = await start(world);
  await world.runRemoval(messageOf(world, purge));
  world.clock.advance(20 * minuteMs);
  const failing = { ...world.tenants, remove: () => Promise.reject(new Error('Storage is away.')) };
  await expect(runRemoval({ ...world.depsOf(), tenants: failing }, newest(world))).rejects.toThrow('away');
  await cancel(world, purge);
  expect((await start(world, false)).id).toBe(purge.id);
  await world.drainRemovals();
  expect(publicRemovalResult(await read(world, purge)).certificate).toBeDefined();
  expect(world.tenantData.left(fabrikamId)).toEqual(nothing);
});

it('of a purge that is canceled just before its last step: canceled', async () => {
  const world = createRemovalWorld();
  const purge = await start(world);
  await world.runRemoval(messageOf(world, purge));
  world.clock.advance(20 * minuteMs);
  let isCanceled = false;
  const get: TenantStore['get'] = async (tenantId) => {
    const found = await world.tenants.get(tenantId);
    // It holds the lease, and reads the tenant.
    if (!isCanceled && found?.leasedUntil !== undefined && found.leasedUntil > world.clock.now()) {
      isCanceled = true;
      await cancel(world, purge);
    }
    return found;
  };
  await runRemoval({ ...world.depsOf(), tenants: { ...world.tenants, get } }, newest(world));
  await world.drainRemovals();
  expect(await shown(world, purge)).toMatchObject({ status: 'Canceled' });
  expect(await isThere(world)).toBe(true);
});

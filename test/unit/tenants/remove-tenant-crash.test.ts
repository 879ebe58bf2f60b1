import { describe, expect, it } from 'vitest';
import { registerTenant } from '../../../shared/tenants/register-tenant.ts';
import { startRemoval } from '../../../shared/offboarding/start-removal.ts';
import { Crash, createFaults, crashAt, failNext, type Faults } from '../../support/faults.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';
import { removalSettleMs, runRemoval } from './onboarding-world.ts';
import {
  adatum,
  cancel,
  collected,
  createRemovalWorld,
  isThere,
  messageOf,
  newest,
  nothing,
  shown,
  start,
} from './removal-world.ts';

const killedAfter = (step: string) => createFaults((name) => (name === step ? 'crashAfter' : undefined));

describe('a removal that is interrupted by a crash', () => {
  async function stepsOfARemoval(): Promise<readonly string[]> {
    const faults = createFaults();
    const world = createRemovalWorld();
    await start(world);
    await world.drainRemovals([faults, faults, faults]);
    return faults.steps;
  }

  it('ends in the same state wherever it crashed', async () => {
    const steps = await stepsOfARemoval();
    expect(steps).toEqual(
      expect.arrayContaining(['tenants.lease', 'feed.stopSubscription', 'tenants.remove']),
    );
    for (const fault of ['crashBefore', 'crashAfter'] as const) {
      for (const at of steps.keys()) {
        const world = createRemovalWorld();
        const removal = await start(world);
        const faults = crashAt(at, fault);
        await world.drainRemovals([faults, faults, faults]);
        const where = `${fault} ${steps[at] ?? ''}`;
        expect(await shown(world, removal), where).toMatchObject({ status: 'Succeeded' });
        expect((await shown(world, removal)).errorCode, where).toBeUndefined();
        expect(world.tenantData.left(fabrikamId), where).toEqual(nothing);
        expect(world.tenantData.left(adatumId), where).toEqual(collected);
        expect(await world.feed.listSubscriptions(adatum), where).toEqual([]);
        expect(await world.tenants.list(), where).toMatchObject([{ tenantId: adatumId }]);
      }
    }
  });

  it('can be repeated when it crashed while it was being started', async () => {
    const faults = createFaults();
    await startRemoval(createRemovalWorld().depsOf(faults), {
      tenantId: fabrikamId,
      purge: true,
      createdBy: 'key-1',
    });
    for (const fault of ['crashBefore', 'crashAfter'] as const) {
      for (const at of faults.steps.keys()) {
        const world = createRemovalWorld();
        const ended = startRemoval(world.depsOf(crashAt(at, fault)), {
          tenantId: fabrikamId,
          purge: true,
          createdBy: 'key-1',
        });
        await expect(ended).rejects.toThrow('The program ended.');
        const removal = await start(world);
        await world.drainRemovals();
        expect(await shown(world, removal)).toMatchObject({ status: 'Succeeded' });
        expect(await isThere(world)).toBe(false);
        expect(world.tenantData.left(fabrikamId)).toEqual(nothing);
      }
    }
  });

  it('does not touch a tenant that was registered again before its last message was redelivered', async () => {
    const world = createRemovalWorld();
    const removal = await start(world, false);
    const failure = new Error('Storage is away.');
    let saves = 0;
    const faults = createFaults((step) => {
      saves += step === 'removals.replace' ? 1 : 0;
      return step === 'removals.replace' && saves === 4 ? failure : undefined;
    });
    await expect(world.runRemoval(messageOf(world, removal), faults)).rejects.toBe(failure);
    expect(await isThere(world)).toBe(false);
    await registerTenant(world.depsOf(), { tenantId: fabrikamId });
    await world.drainRemovals();
    expect((await world.stored()).state).toBe('Active');
    expect(await shown(world, removal)).toMatchObject({ status: 'Succeeded' });
  });

  it('ends in the same state when canceled, wherever it crashed', async () => {
    const drainCanceled = async (faults: Faults) => {
      const world = createRemovalWorld();
      const removal = await start(world);
      await cancel(world, removal);
      await world.drainRemovals([faults, faults]);
      return { world, removal };
    };
    const undisturbed = createFaults();
    await drainCanceled(undisturbed);
    expect(undisturbed.steps).toContain('queues.requestTenantCheck');
    for (const fault of ['crashBefore', 'crashAfter'] as const) {
      for (const at of undisturbed.steps.keys()) {
        const faults = crashAt(at, fault);
        const { world, removal } = await drainCanceled(faults);
        const where = `${fault} ${faults.steps[at] ?? ''}`;
        expect(await shown(world, removal), where).toMatchObject({ status: 'Canceled' });
        await world.drainChecks();
        expect((await world.stored()).state, where).toBe('Active');
        expect(world.tenantData.left(fabrikamId), where).toEqual(collected);
      }
    }
  });

  it('ends as succeeded when it is canceled after its tenant was deleted', async () => {
    const world = createRemovalWorld();
    const removal = await start(world, false);
    const isDead = killedAfter('tenants.remove');
    await expect(runRemoval(world.depsOf(isDead), messageOf(world, removal))).rejects.toThrow(Crash);
    await cancel(world, removal);
    await world.drainRemovals();
    expect(await shown(world, removal)).toMatchObject({ status: 'Succeeded' });
    expect(await isThere(world)).toBe(false);
  });

  it('of data alone ends as canceled when it was canceled before it deleted anything, wherever it crashed', async () => {
    for (const fault of ['crashBefore', 'crashAfter'] as const) {
      for (let at = 0; at < 16; at++) {
        const world = createRemovalWorld();
        await start(world, false);
        await world.drainRemovals();
        const removal = await start(world);
        await cancel(world, removal);
        const faults = crashAt(at, fault);
        await world.drainRemovals([undefined, faults, faults]);
        const where = `${fault} ${faults.steps[at] ?? ''}`;
        expect(await shown(world, removal), where).toMatchObject({ status: 'Canceled', deleted: nothing });
        expect(await isThere(world), where).toBe(false);
      }
    }
  });

  it('of data alone ends as succeeded when it is canceled after everything was deleted', async () => {
    const world = createRemovalWorld();
    await start(world, false);
    await world.drainRemovals();
    const removal = await start(world);
    await runRemoval(world.depsOf(), messageOf(world, removal));
    world.clock.advance(removalSettleMs);
    const isDead = killedAfter('tenants.remove');
    await expect(runRemoval(world.depsOf(isDead), newest(world))).rejects.toThrow(Crash);
    await cancel(world, removal);
    await world.drainRemovals();
    expect(await shown(world, removal)).toMatchObject({ status: 'Succeeded', deleted: collected });
  });

  it('is not acknowledged when storage fails', async () => {
    const steps = new Set((await stepsOfARemoval()).filter((step) => !step.startsWith('feed.')));
    for (const step of steps) {
      const world = createRemovalWorld();
      await start(world);
      const failure = new Error('Storage is away.');
      const faults = failNext(step, failure);
      await expect(world.drainRemovals([faults, faults, faults]), step).rejects.toBe(failure);
    }
  });
});

/** Purges under legal hold for as long as it takes, with the monitor. */
import { describe, expect, it } from 'vitest';
import { checkOperation, monitorOperations } from '../../../shared/operations/monitor-operations.ts';
import { dayMs, hourMs } from '../../support/clock.ts';
import { createFakeOperationAgenda } from '../../support/fakes/operation-store.ts';
import { fabrikamId } from '../../support/tenants.ts';
import { createTimeline, taking } from '../operations/timeline.ts';
import { cancel, collected, createRemovalWorld, isThere, nothing, shown, start } from './removal-world.ts';

const days = 5;

/** Placed after the purge was requested. */
async function heldForDays() {
  const world = createRemovalWorld();
  const { clock, legalHolds, removals, queues } = world;
  const removal = await start(world);
  const placedAt = clock.now();
  await legalHolds.append(fabrikamId, { kind: 'placed', at: placedAt, by: 'key-9', reason: 'Claim 17' });
  const agenda = createFakeOperationAgenda(removals);
  const deps = { agenda, queues, telemetry: world.telemetry.telemetry, now: clock.now };
  const checker = {
    check: (due: Parameters<typeof checkOperation>[2]) => checkOperation(deps, { store: removals }, due),
  };
  const time = createTimeline({
    clock,
    take: taking(queues.operations),
    deliver: world.runRemoval,
    monitor: () => monitorOperations(deps, everyKind(checker)),
  });
  await time.pass(days * dayMs);
  const lift = () =>
    legalHolds.append(fabrikamId, {
      ...({ kind: 'lifted', at: clock.now(), by: 'key-9', reason: 'Settled', lifts: placedAt } as const),
    });
  return { world, removal, time, lift };
}

function everyKind<T>(checker: T) {
  return {
    ...{ exports: checker, enablements: checker, removals: checker, bundles: checker },
    ...{
      imports: checker,
      backfills: checker,
      verifications: checker,
      onboardings: checker,
      rollouts: checker,
      reports: checker,
      reportSets: checker,
    },
  };
}

describe(`a purge that is held for ${days} days`, () => {
  it('waits with one message, and continues within an hour after the hold is lifted', async () => {
    const { world, removal, time, lift } = await heldForDays();
    expect(await shown(world, removal)).toMatchObject({ status: 'Running', errorCode: 'LegalHold' });
    expect(time.live()).toBe(1);
    await lift();
    await time.pass(hourMs);
    expect(world.tenantData.left(fabrikamId)).toEqual(nothing);
    await time.pass(hourMs);
    expect(await shown(world, removal)).toMatchObject({ status: 'Succeeded', deleted: collected });
  });

  it('can be canceled', async () => {
    const { world, removal, time } = await heldForDays();
    await cancel(world, removal);
    await time.pass(0);
    expect(await shown(world, removal)).toMatchObject({ status: 'Canceled', deleted: nothing });
    expect(await isThere(world)).toBe(true);
    await time.pass(2 * hourMs);
    expect(time.live()).toBe(0);
  });
});

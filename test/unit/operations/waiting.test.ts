/** Operations of all kinds that wait, for as long as they like and with copies of their messages. */
import { describe, expect, it } from 'vitest';
import { backfillKind } from '../../../shared/backfills/backfill.ts';
import { enablementKind } from '../../../shared/enablement/enablement.ts';
import { exportKind } from '../../../shared/exports/export.ts';
import { importKind } from '../../../shared/imports/import.ts';
import { onboardingKind } from '../../../shared/onboardings/onboarding.ts';
import { removalKind } from '../../../shared/offboarding/removal.ts';
import type {
  OperationKindName,
  OperationMessage,
  OperationTraits,
} from '../../../shared/operations/operation.ts';
import { bundleKind } from '../../../shared/exports/bundles/bundle.ts';
import { rolloutKind } from '../../../shared/enablement/rollout.ts';
import { reportSetKind } from '../../../shared/reports/sets/report-set.ts';
import { reportOperationKind } from '../../../shared/reports/report.ts';
import { verificationKind } from '../../../shared/verification/verification.ts';
import { dayMs, hourMs, minuteMs, secondMs } from '../../support/clock.ts';
import { manyKind, type InventedKind } from '../../support/operations.ts';
import { createOperationWorld, type InventedWork, type OperationWorld } from './operation-world.ts';
import { createTimeline, type Timeline } from './timeline.ts';

const kinds: Readonly<Record<OperationKindName, OperationTraits>> = {
  exports: exportKind,
  enablements: enablementKind,
  removals: removalKind,
  imports: importKind,
  backfills: backfillKind,
  verifications: verificationKind,
  onboardings: onboardingKind,
  rollouts: rolloutKind,
  bundles: bundleKind,
  reports: reportOperationKind,
  reportSets: reportSetKind,
};

const waits = {
  '10 seconds': 10 * secondMs,
  '5 minutes': 5 * minuteMs,
  'an hour': hourMs,
  '119 minutes': 119 * minuteMs,
  'a day': dayMs,
  '3 days': 3 * dayMs,
};

const cases = Object.values(kinds).flatMap((traits) =>
  Object.entries(waits).map(([wait, waitMs]) => ({ kind: traits.name, traits, wait, waitMs })),
);

/** Of a real kind, with an invented request and state. */
function inventedOf(traits: OperationTraits): InventedKind {
  const { name, noun, isExclusive, isEvidence, isOfPartner, isCanceledByRun } = traits;
  const { request, state } = manyKind;
  return {
    ...{ name, noun, request, state },
    ...{ isExclusive: isExclusive === true, isEvidence: isEvidence === true },
    isOfPartner: isOfPartner === true,
    isCanceledByRun: isCanceledByRun === true,
  };
}

const waiting =
  (waitMs: number): InventedWork =>
  async (run) => {
    const { cancelRequested, state } = run.operation();
    return await Promise.resolve(cancelRequested ? { status: 'Canceled', state } : { waitMs });
  };

function timelineOf(world: OperationWorld, work: InventedWork): Timeline {
  const { clock, queues, monitor } = world;
  const deliver = async (message: OperationMessage) => {
    queues.messages.push({ message, delayMs: 0 });
    await world.deliver(work);
  };
  return createTimeline({ clock, take: () => queues.messages.splice(0), deliver, monitor: () => monitor() });
}

/** More than would be in vain, with copies of the first message, until the last wait has begun. */
async function waitOften({ traits, waitMs }: (typeof cases)[number]) {
  const world = createOperationWorld(inventedOf(traits));
  const one = await world.start();
  world.queues.messages.push(...world.queues.messages, ...world.queues.messages);
  const timeline = timelineOf(world, waiting(waitMs));
  const live: number[] = [];
  for (let time = 0; time < 60; time++) {
    await timeline.pass(waitMs);
    live.push(timeline.live());
  }
  return { world, one, timeline, live };
}

describe.each(cases)('one of the $kind that waits $wait, 60 times', (each) => {
  it('is not stalled, and has one message', async () => {
    const { world, one, live } = await waitOften(each);
    expect((await world.read(one))?.status).toBe('Running');
    expect(Math.max(...live.slice(1))).toBe(1);
  });

  it('can be canceled', async () => {
    const { world, one, timeline } = await waitOften(each);
    await world.cancel(one);
    await timeline.pass(0);
    expect(await world.read(one)).toMatchObject({ status: 'Canceled' });
  });
});

describe('a cancellation', () => {
  it('gets its runs, however many were killed before it', async () => {
    const world = createOperationWorld(inventedOf(removalKind));
    const one = await world.start();
    const killed: InventedWork = () => Promise.reject(new Error('Killed.'));
    for (let time = 0; time < 50; time++) await world.deliver(killed).catch(() => undefined);
    await world.cancel(one);
    await world.deliver(waiting(0));
    expect(await world.read(one)).toMatchObject({ status: 'Canceled' });
  });

  it('that is requested while a run is about to wait is not taken for superfluous', async () => {
    const world = createOperationWorld(inventedOf(removalKind));
    const one = await world.start();
    await world.deliver(async () => {
      await world.cancel(one);
      return { waitMs: 3 * dayMs };
    });
    const timeline = timelineOf(world, waiting(hourMs));
    await timeline.pass(0);
    expect(await world.read(one)).toMatchObject({ status: 'Canceled' });
  });
});

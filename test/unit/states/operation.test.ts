/** Exports, reports, imports, backfills, enablements, verifications, removals, onboardings, rollouts, and bundles: what each event does to an operation in each state. */
import { isFinished, type OperationStatus } from '../../../shared/operations/operation.ts';
import { takeOver } from '../../../shared/operations/operation-run.ts';
import { hourMs, minuteMs, dayMs } from '../../support/clock.ts';
import {
  keepMs,
  lastingKind,
  manyKind,
  type Invented,
  type InventedKind,
  type StoredInvented,
} from '../../support/operations.ts';
import { createOperationWorld, type OperationWorld } from '../operations/operation-world.ts';
import { outcome, testStates, type StateTable } from './state-table.ts';

type Cause = (world: OperationWorld, one: Invented) => Promise<void>;

const kill = () => Promise.reject(new Error('Killed.'));

const causes = {
  'a run saves progress and hands over': (world) =>
    world.deliver(async (run) => {
      await run.save({ state: { done: 1 } });
      return { waitMs: 0 };
    }),
  'a run succeeds': (world) => world.deliver(),
  'a run fails': (world) =>
    world.deliver(async (run) => {
      const { state } = run.operation();
      return await Promise.resolve({ status: 'Failed', errorCode: 'Broken', state } as const);
    }),
  'a run is killed': (world) => world.deliver(kill).catch(() => undefined),
  'a run is killed 50 times in a row without progress': async (world) => {
    for (let time = 0; time < 50; time++) await world.deliver(kill).catch(() => undefined);
    await world.deliver(kill);
  },
  'a newer run takes over': (world, one) =>
    world.deliver(async (run) => {
      const found = await world.read(one);
      if (found !== undefined) await takeOver(world.store, found, world.clock.now);
      await run.save({ state: { done: 99 } });
      throw new Error('The older run could save.');
    }),
  'an export, report, import, backfill, enablement, verification, or onboarding is canceled': (world, one) =>
    world.cancel(one),
  'a removal, rollout, bundle, or report on several tenants is canceled': (world, one) => world.cancel(one),
  'its tenant is removed (not for removals, onboardings, rollouts, bundles, and reports on several tenants)':
    async (world) => {
      await world.removeTenant();
      await world.deliver();
    },
  'its message is lost, and the monitor checks it after 30 minutes': async (world) => {
    world.queues.messages.splice(0);
    world.clock.advance(30 * minuteMs);
    await world.monitor();
  },
  'its message is lost, and the monitor checks it after 3 hours': async (world) => {
    world.queues.messages.splice(0);
    world.clock.advance(3 * hourMs);
    await world.monitor();
  },
  'it expires (exports, reports, verifications, onboardings, rollouts, and bundles)': async (world) => {
    world.clock.advance(dayMs);
    await world.monitor();
  },
} satisfies Readonly<Record<string, Cause>>;
type Event = keyof typeof causes;

const cells: StateTable<OperationStatus, Event> = {
  NotStarted: {
    'a run saves progress and hands over': 'Running; a message is queued',
    'a run succeeds': 'Succeeded',
    'a run fails': 'Failed; its error code',
    'a run is killed': 'no change; a message is queued',
    'a run is killed 50 times in a row without progress': 'Failed; {Kind}Stalled',
    'a newer run takes over': 'no change; the older run cannot save',
    'an export, report, import, backfill, enablement, verification, or onboarding is canceled': 'Canceled',
    'a removal, rollout, bundle, or report on several tenants is canceled':
      'no change; cancellation is requested; a message is queued',
    'its tenant is removed (not for removals, onboardings, rollouts, bundles, and reports on several tenants)':
      'Canceled; TenantRemoved',
    'its message is lost, and the monitor checks it after 30 minutes': 'no change; a message is queued',
    'its message is lost, and the monitor checks it after 3 hours': 'no change; a message is queued',
    'it expires (exports, reports, verifications, onboardings, rollouts, and bundles)':
      'deleted with its file',
  },
  Running: {
    'a run saves progress and hands over': 'no change; a message is queued',
    'a run succeeds': 'Succeeded',
    'a run fails': 'Failed; its error code',
    'a run is killed': 'no change; a message is queued',
    'a run is killed 50 times in a row without progress': 'Failed; {Kind}Stalled',
    'a newer run takes over': 'no change; the older run cannot save',
    'an export, report, import, backfill, enablement, verification, or onboarding is canceled': 'Canceled',
    'a removal, rollout, bundle, or report on several tenants is canceled':
      'no change; cancellation is requested; a message is queued',
    'its tenant is removed (not for removals, onboardings, rollouts, bundles, and reports on several tenants)':
      'Canceled; TenantRemoved',
    'its message is lost, and the monitor checks it after 30 minutes': 'no change',
    'its message is lost, and the monitor checks it after 3 hours': 'no change; a message is queued',
    'it expires (exports, reports, verifications, onboardings, rollouts, and bundles)':
      'deleted with its file',
  },
  Succeeded: onlyExpires(),
  Failed: onlyExpires(),
  Canceled: onlyExpires(),
};

function onlyExpires(): Readonly<Record<Event, string>> {
  return {
    'a run saves progress and hands over': 'no change',
    'a run succeeds': 'no change',
    'a run fails': 'no change',
    'a run is killed': 'no change',
    'a run is killed 50 times in a row without progress': 'no change',
    'a newer run takes over': 'no change',
    'an export, report, import, backfill, enablement, verification, or onboarding is canceled': 'no change',
    'a removal, rollout, bundle, or report on several tenants is canceled': 'no change',
    'its tenant is removed (not for removals, onboardings, rollouts, bundles, and reports on several tenants)':
      'no change',
    'its message is lost, and the monitor checks it after 30 minutes': 'no change',
    'its message is lost, and the monitor checks it after 3 hours': 'no change',
    'it expires (exports, reports, verifications, onboardings, rollouts, and bundles)':
      'deleted with its file',
  };
}

/** Brings a new operation into each state. */
const arrive: Readonly<Record<OperationStatus, Cause>> = {
  NotStarted: () => Promise.resolve(),
  Running: causes['a run saves progress and hands over'],
  Succeeded: causes['a run succeeds'],
  Failed: causes['a run fails'],
  Canceled: async (world, one) => {
    await world.cancel(one);
    // A removal is canceled by its run.
    const status = 'Canceled';
    await world.deliver(async (run) => await Promise.resolve({ status, state: run.operation().state }));
  },
};

/** Long enough not to expire in the tests of other events. */
const expiring: InventedKind = { ...manyKind, keepMs: keepMs + 2 * hourMs };
const removalEvents: readonly Event[] = [
  'a removal, rollout, bundle, or report on several tenants is canceled',
  'its message is lost, and the monitor checks it after 30 minutes',
  'its message is lost, and the monitor checks it after 3 hours',
];

async function observe(state: OperationStatus, event: Event): Promise<string> {
  const world = createOperationWorld(removalEvents.includes(event) ? lastingKind : expiring);
  const one = await world.start();
  const first = world.queues.messages[0];
  await arrive[state](world, one);
  // Every message may be redelivered.
  if (world.queues.messages.length === 0 && first !== undefined) world.queues.messages.push(first);
  const before = await world.read(one);
  if (before?.status !== state)
    throw new Error(`The operation is ${before?.status ?? 'gone'}, not ${state}.`);
  const seen = { before, discarded: world.discarded.length, superseded: supersededIn(world) };
  await causes[event](world, one);
  const after = await world.read(one);
  if (after !== undefined) return outcome(state, after.status, effectsOf(world, seen, after));
  return world.discarded.length > seen.discarded ? 'deleted with its file' : 'deleted';
}

interface Seen {
  readonly before: StoredInvented;
  readonly discarded: number;
  readonly superseded: number;
}

function supersededIn(world: OperationWorld): number {
  return world.events('operations.run.superseded').length;
}

function effectsOf(world: OperationWorld, { before, superseded }: Seen, after: StoredInvented) {
  const isNewError = after.errorCode !== before.errorCode;
  const isOpen = !isFinished(after);
  return [
    isNewError && shownCode(after.errorCode ?? ''),
    supersededIn(world) > superseded && 'the older run cannot save',
    isOpen && after.cancelRequested && 'cancellation is requested',
    isOpen && world.queues.messages.length > 0 && 'a message is queued',
  ];
}

function shownCode(errorCode: string): string {
  return errorCode.replace(expiring.noun, '{Kind}').replace('Broken', 'its error code');
}

testStates({ heading: 'Operation', cells, observe });

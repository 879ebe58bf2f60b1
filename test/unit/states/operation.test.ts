/** What each event makes of an operation in each state, as docs/states.md says. */
import { describe, expect, it } from 'vitest';
import { operationStatuses, type OperationStatus } from '../../../shared/operations/operation.ts';
import { takeOver } from '../../../shared/operations/operation-run.ts';
import { hourMs, minuteMs, dayMs } from '../../support/clock.ts';
import { keepMs, lastingKind, manyKind, type Invented } from '../../support/operations.ts';
import { createOperationWorld, type OperationWorld } from './operation-world.ts';

/** `gone`: the row was deleted. */
type Next = OperationStatus | 'gone';

type Event = (world: OperationWorld, one: Invented) => Promise<void>;
type EventName = keyof typeof events;

const events = {
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
  'a run is killed': async (world) => {
    await world.deliver(() => Promise.reject(new Error('Killed.'))).catch(() => undefined);
  },
  'it is killed 50 times in a row': async (world) => {
    const killed = () => Promise.reject(new Error('Killed.'));
    for (let time = 0; time < 50; time++) await world.deliver(killed).catch(() => undefined);
    await world.deliver(killed);
  },
  'a newer run takes over': (world, one) =>
    world.deliver(async (run) => {
      const found = await world.read(one);
      if (found !== undefined) await takeOver(world.store, found, world.clock.now);
      await run.save({ state: { done: 99 } });
      throw new Error('The older run could save.');
    }),
  'it is canceled': (world, one) => world.cancel(one),
  'its tenant is removed': async (world) => {
    await world.removeTenant();
    await world.deliver();
  },
  'the monitor checks it': async (world) => {
    world.clock.advance(30 * minuteMs);
    await world.monitor();
  },
  'it expires': async (world) => {
    world.clock.advance(dayMs);
    await world.monitor();
  },
} satisfies Readonly<Record<string, Event>>;

const expected: Readonly<Record<OperationStatus, Readonly<Record<EventName, Next>>>> = {
  NotStarted: {
    'a run saves progress and hands over': 'Running',
    'a run succeeds': 'Succeeded',
    'a run fails': 'Failed',
    'a run is killed': 'NotStarted',
    'it is killed 50 times in a row': 'Failed',
    'a newer run takes over': 'NotStarted',
    'it is canceled': 'Canceled',
    'its tenant is removed': 'Canceled',
    'the monitor checks it': 'NotStarted',
    'it expires': 'gone',
  },
  Running: {
    'a run saves progress and hands over': 'Running',
    'a run succeeds': 'Succeeded',
    'a run fails': 'Failed',
    'a run is killed': 'Running',
    'it is killed 50 times in a row': 'Failed',
    'a newer run takes over': 'Running',
    'it is canceled': 'Canceled',
    'its tenant is removed': 'Canceled',
    'the monitor checks it': 'Running',
    'it expires': 'gone',
  },
  Succeeded: unchanged('Succeeded'),
  Failed: unchanged('Failed'),
  Canceled: unchanged('Canceled'),
};

/** A finished one only expires. */
function unchanged(status: OperationStatus): Readonly<Record<EventName, Next>> {
  return {
    'a run saves progress and hands over': status,
    'a run succeeds': status,
    'a run fails': status,
    'a run is killed': status,
    'it is killed 50 times in a row': status,
    'a newer run takes over': status,
    'it is canceled': status,
    'its tenant is removed': status,
    'the monitor checks it': status,
    'it expires': 'gone',
  };
}

/** Brings a new operation into each state; its first message has not been handled yet, or has come again. */
const arrive: Readonly<Record<OperationStatus, Event>> = {
  NotStarted: () => Promise.resolve(),
  Running: events['a run saves progress and hands over'],
  Succeeded: events['a run succeeds'],
  Failed: events['a run fails'],
  Canceled: events['it is canceled'],
};

/** Long enough not to expire in the tests of other events. */
const kind = { ...manyKind, keepMs: keepMs + 2 * hourMs };

async function operationIn(state: OperationStatus) {
  const world = createOperationWorld(kind);
  const one = await world.start();
  const first = world.queues.messages[0];
  await arrive[state](world, one);
  // Every message may come again.
  if (world.queues.messages.length === 0 && first !== undefined) world.queues.messages.push(first);
  const found = await world.read(one);
  expect(found?.status).toBe(state);
  return { world, one };
}

const names = Object.keys(events) as readonly EventName[];

describe.each(operationStatuses)('an operation that is %s', (state) => {
  it.each(names)('when %s', async (event) => {
    const { world, one } = await operationIn(state);
    await events[event](world, one);
    expect((await world.read(one))?.status ?? 'gone').toBe(expected[state][event]);
  });
});

describe('an operation that its run cancels', () => {
  it.each(['NotStarted', 'Running'] as const)('and is %s learns of the request', async (state) => {
    const world = createOperationWorld(lastingKind);
    const one = await world.start();
    if (state === 'Running') await arrive.Running(world, one);
    await world.cancel(one);
    expect(await world.read(one)).toMatchObject({ status: state, cancelRequested: true });
  });

  it.each(['Succeeded', 'Failed'] as const)('and is %s stays so', async (state) => {
    const world = createOperationWorld(lastingKind);
    const one = await world.start();
    await arrive[state](world, one);
    await world.cancel(one);
    expect(await world.read(one)).toMatchObject({ status: state, cancelRequested: false });
  });
});

/** Records that wait for others, so that a destination of files gets few of them. */
import { describe, expect, it } from 'vitest';
import type { OutgoingBatch } from '../../../shared/destinations/outgoing.ts';
import { minuteMs } from '../../support/clock.ts';
import {
  accepted,
  createDestinationWorld,
  settleAll,
  type DestinationWorld,
  type ReceiverAnswer,
} from '../../support/destinations/destination-world.ts';
import { guidOf, type InventedRecord } from '../../support/feed-world.ts';

const waitMs = 60 * minuteMs;
const records = (count: number, prefix = 'r'): readonly InventedRecord[] =>
  Array.from({ length: count }, (_, at) => ({ id: guidOf(`${prefix}${at}`) }));
const idsOf = (all: readonly { readonly id: string }[]) => all.map(({ id }) => id);
const sizeOf = ({ records: { length } }: OutgoingBatch) => length;
const retry: ReceiverAnswer = { result: { outcome: 'retry', cause: 'The destination answered 503.' } };

/** Handles what becomes due in these minutes. */
async function pass(world: DestinationWorld, minutes: number): Promise<void> {
  const end = world.clock.now().getTime() + minutes * minuteMs;
  await world.drain();
  for (let next = world.queues.waiting[0]; next !== undefined; next = world.queues.waiting[0]) {
    if (next.at.getTime() > end) break;
    world.clock.set(next.at);
    await world.drain();
  }
  world.clock.set(new Date(end));
}

describe('a destination whose records wait for others', () => {
  it('gets what came within the time after the first of them as one batch', async () => {
    const world = createDestinationWorld();
    await world.addDestination({ settings: { waitMs } });
    for (const prefix of ['a', 'b', 'c']) {
      await world.publish(records(2, prefix));
      await pass(world, 15);
    }
    expect(world.batches).toEqual([]);
    await pass(world, 16);
    expect(world.batches.map(sizeOf)).toEqual([6]);
    await world.publish(records(1, 'd'));
    await pass(world, 59);
    expect(world.batches).toHaveLength(1);
    await pass(world, 2);
    expect(world.batches.map(sizeOf)).toEqual([6, 1]);
  });

  it('gets full batches at once', async () => {
    const world = createDestinationWorld();
    await world.addDestination({ settings: { waitMs } });
    await world.publish(records(25));
    await world.drain();
    expect(world.batches.map(sizeOf)).toEqual([10, 10]);
    await settleAll(world);
    expect(world.batches.map(sizeOf)).toEqual([10, 10, 5]);
    expect(idsOf(world.received)).toEqual(idsOf(records(25)));
  });

  it('gets at once what waited before it was created', async () => {
    const world = createDestinationWorld();
    const since = world.clock.now();
    await world.ingest(records(3));
    world.clock.advance(waitMs);
    await world.addDestination({ settings: { waitMs }, since });
    await world.queues.requestSending({ version: 1, destinationId: world.destinationId });
    await world.drain();
    expect(world.batches.map(sizeOf)).toEqual([3]);
  });

  it('gets a batch again without a wait when its answer was lost', async () => {
    const world = createDestinationWorld();
    await world.addDestination({ settings: { waitMs } });
    await world.publish(records(2));
    world.answerWith(() => retry);
    await pass(world, 60);
    await world.publish(records(2, 'later'));
    world.answerWith(() => accepted);
    await pass(world, 1);
    expect(world.batches.map(sizeOf)).toEqual([2, 2]);
    expect(new Set(world.batches.map(({ id }) => id)).size).toBe(1);
    await settleAll(world);
    expect(idsOf(world.received)).toEqual(idsOf([...records(2), ...records(2, 'later')]));
  });

  it('costs no read of records for what comes while they wait', async () => {
    const world = createDestinationWorld();
    await world.addDestination({ settings: { waitMs } });
    await world.publish(records(1));
    await world.drain();
    let reads = 0;
    const read: typeof world.raw.read = (name) => {
      reads += 1;
      return world.raw.read(name);
    };
    for (const prefix of ['a', 'b', 'c']) {
      await world.publish(records(1, prefix));
      await world.drain(() => ({ raw: { read } }));
    }
    expect(reads).toBe(0);
    await settleAll(world);
    expect(world.batches.map(sizeOf)).toEqual([4]);
  });

  it('gets what waits at the next message once its time is shortened', async () => {
    const world = createDestinationWorld();
    await world.addDestination({ settings: { waitMs } });
    await world.publish(records(1));
    await pass(world, 5);
    const stored = await world.destination();
    if (stored !== undefined) await world.deps.destinations.update(stored, { settings: {} });
    await world.queues.requestSending({ version: 1, destinationId: world.destinationId });
    await world.drain();
    expect(world.batches.map(sizeOf)).toEqual([1]);
  });

  it('is tried by a tenant with something to send, if another one has only records that wait', async () => {
    const other = guidOf('other tenant');
    const world = createDestinationWorld([other]);
    await world.addDestination({ settings: { waitMs } });
    world.answerWith(() => retry);
    await world.publish(records(10));
    await world.drain();
    expect(world.batches).toHaveLength(1);
    await world.publish(records(1, 'young'), other);
    world.answerWith(() => accepted);
    await pass(world, 10);
    expect(world.received).toHaveLength(10);
    expect(await world.destination()).toMatchObject({ circuit: undefined });
    await settleAll(world);
    expect(world.received).toHaveLength(11);
  });
});

/** What one tenant's records do to a destination must not keep the records of others from it. */
import { describe, expect, it } from 'vitest';
import type { OutgoingBatch } from '../../../shared/destinations/outgoing.ts';
import { minuteMs } from '../../support/clock.ts';
import {
  accepted,
  createDestinationWorld,
  type DestinationWorld,
  type ReceiverAnswer,
} from '../../support/destinations/destination-world.ts';
import { guidOf } from '../../support/feed-world.ts';
import { fabrikamId } from '../../support/tenants.ts';

const records = (count: number, prefix = 'r') =>
  Array.from({ length: count }, (_, at) => ({ id: guidOf(`${prefix}${at}`) }));
const retry: ReceiverAnswer = { result: { outcome: 'retry', cause: 'The destination answered 503.' } };
const refused: ReceiverAnswer = { result: { outcome: 'refused', cause: 'Bad.' } };
const tenantOf = (batch: OutgoingBatch) => batch.records[0]?.record.tenantId;
const other = guidOf('other tenant');

/** Everything that becomes due meanwhile. */
async function pass(
  world: DestinationWorld,
  minutes: number,
  host?: Parameters<DestinationWorld['drain']>[0],
) {
  const end = world.clock.now().getTime() + minutes * minuteMs;
  await world.drain(host);
  for (let next = world.queues.waiting[0]; next !== undefined; next = world.queues.waiting[0]) {
    if (next.at.getTime() > end) break;
    world.clock.set(next.at);
    await world.drain(host);
  }
  world.clock.set(new Date(end));
}

/** A host that cannot decompress a raw blob of this tenant. */
function damagedFor(world: DestinationWorld, tenantId: string) {
  const damaged = Object.assign(new Error('incorrect data check'), { code: 'Z_DATA_ERROR' });
  const read: typeof world.raw.read = (name) =>
    name.includes(tenantId) ? Promise.reject(damaged) : world.raw.read(name);
  return () => ({ raw: { read } });
}

const received = (world: DestinationWorld, of: string) =>
  world.received.filter(({ tenantId }) => tenantId === of).length;

describe('a destination that fails for a while', () => {
  it('continues for all tenants but the one whose raw blob is damaged', async () => {
    const world = createDestinationWorld([other]);
    await world.addDestination();
    world.answerWith(() => retry);
    await world.publish(records(1));
    await world.drain();
    expect(await world.destination()).toMatchObject({ circuit: { failures: 1 } });
    await world.publish(records(3), other);
    world.answerWith(() => accepted);
    await pass(world, 2, damagedFor(world, fabrikamId));
    await world.queues.requestSending({ version: 1, destinationId: world.destinationId });
    await pass(world, 2, damagedFor(world, fabrikamId));
    expect(received(world, other)).toBe(3);
  });

  it('waits no longer because several tenants fail at the same time', async () => {
    const others = ['a', 'b', 'c', 'd', 'e', 'f'].map(guidOf);
    const world = createDestinationWorld(others);
    await world.addDestination();
    for (const tenantId of others) await world.publish(records(1), tenantId);
    let open: (() => void) | undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    world.answerWith(() => ({ ...retry, meanwhile: () => gate }));
    const concurrent = others.map(() => world.handleNext());
    await new Promise((resolve) => setImmediate(resolve));
    open?.();
    await Promise.all(concurrent);
    expect(world.batches).toHaveLength(others.length);
    expect(await world.destination()).toMatchObject({ circuit: { failures: 1 } });
  });

  it('is not taken to accept records because the tenant that should try has none, or is with another host', async () => {
    const world = createDestinationWorld([other]);
    await world.addDestination();
    world.answerWith(() => retry);
    await world.publish(records(1));
    await world.drain();
    await world.publish(records(1), other);
    // Its retry comes when it is not managed anymore.
    const tenant = await world.deps.tenants.get(fabrikamId);
    if (tenant !== undefined) await world.deps.tenants.remove(tenant);
    await pass(world, 1);
    expect(world.batches.map(tenantOf)).toContain(other);
    expect((await world.destination())?.circuit?.failures).toBeGreaterThan(1);
  });

  it('tries at once with settings that were changed while an attempt with the earlier ones was made', async () => {
    const world = createDestinationWorld();
    await world.addDestination();
    await world.publish(records(1));
    world.answerWith(() => ({
      result: { outcome: 'misconfigured', cause: 'Wrong address.', nextStep: 'Change it.' },
      meanwhile: async () => {
        const stored = await world.destination();
        world.answerWith(() => accepted);
        if (stored !== undefined)
          await world.deps.destinations.update(stored, { settings: { records: 7 }, circuit: undefined });
      },
    }));
    await pass(world, 1);
    expect(received(world, fabrikamId)).toBe(1);
    expect((await world.destination())?.circuit).toBeUndefined();
  });
});

describe('a tenant with many records in a row that a destination refuses', () => {
  it('does not keep the records of other tenants from it, and then these are dead letters', async () => {
    const world = createDestinationWorld([other]);
    await world.addDestination();
    world.answerWith((batch) => (tenantOf(batch) === fabrikamId ? refused : accepted));
    await world.publish(records(25));
    await world.drain();
    expect((await world.destination())?.circuit?.nextStep).toBeDefined();
    await world.publish(records(3), other);
    await pass(world, 31);
    expect(received(world, other)).toBe(3);
    await pass(world, 60);
    expect((await world.letters()).length).toBeGreaterThanOrEqual(20);
  });
});

describe('a tenant with a record at which a destination fails', () => {
  it.each([
    { answer: retry.result, minutes: 10 },
    { answer: { outcome: 'misconfigured', cause: '403', nextStep: 'Act.' } as const, minutes: 31 },
  ])('does not keep the records of other tenants from it: $answer.outcome', async ({ answer, minutes }) => {
    const world = createDestinationWorld([other]);
    await world.addDestination();
    world.answerWith((batch) => (tenantOf(batch) === fabrikamId ? { result: answer } : accepted));
    await world.publish(records(2));
    await world.drain();
    for (let at = 0; at < 3; at++) {
      await world.publish(records(1, `${at}-`), other);
      await pass(world, minutes);
      expect(received(world, other)).toBe(at + 1);
    }
  });
});

describe('a change of a destination while its records are sent', () => {
  it('takes effect with the next batch', async () => {
    const world = createDestinationWorld();
    await world.addDestination();
    await world.publish(records(30));
    world.answerWith(() => ({
      ...accepted,
      meanwhile: async () => {
        const stored = await world.destination();
        if (stored !== undefined) await world.deps.destinations.update(stored, { paused: true });
      },
    }));
    await pass(world, 1);
    expect(world.batches).toHaveLength(1);
  });
});

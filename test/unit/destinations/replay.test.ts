import { describe, expect, it } from 'vitest';
import {
  accepted,
  createDestinationWorld,
  settleAll,
  type DestinationWorld,
} from '../../support/destinations/destination-world.ts';
import { guidOf } from '../../support/feed-world.ts';

const other = guidOf('other tenant');
const records = (count: number, prefix = 'r') =>
  Array.from({ length: count }, (_, at) => ({ id: guidOf(`${prefix}${at}`) }));

/** A world with a dead letter for each of these, and a destination that accepts everything by now. */
async function worldWithLetters(tenants: readonly string[], count: number): Promise<DestinationWorld> {
  const world = createDestinationWorld([other]);
  await world.addDestination();
  // It names all but the last record of each batch.
  world.answerWith(({ records: { length } }) => ({
    result: {
      outcome: 'accepted',
      rejects: Array.from({ length: length - 1 }, (_, index) => ({ index, cause: 'Mapping.' })),
    },
  }));
  for (const tenantId of tenants) await world.publish(records(count, tenantId), tenantId);
  await settleAll(world);
  world.received.length = 0;
  world.answerWith(() => accepted);
  return world;
}

async function replay(world: DestinationWorld, host?: Parameters<DestinationWorld['drain']>[0]) {
  await world.queues.requestSending({ version: 1, destinationId: world.destinationId, replay: true });
  await settleAll(world, host);
}

describe('dead letters that are sent again', () => {
  it('are all sent, also after many that are refused again', async () => {
    const world = await worldWithLetters([guidOf('other tenant')], 670);
    expect((await world.deps.deadLetters.list(world.destinationId, 2000)).length).toBe(603);
    const refusedAgain = new Set((await world.letters()).slice(0, 510).map(({ recordId }) => recordId));
    world.answerWith((batch) =>
      batch.records.some(({ record: { id } }) => refusedAgain.has(id))
        ? { result: { outcome: 'refused', cause: 'Bad.' } }
        : accepted,
    );
    await replay(world);
    expect(world.received).toHaveLength(93);
    expect(await world.letters()).toHaveLength(510);
  });

  it('are those of tenants that are in the set of the destination by now', async () => {
    const world = await worldWithLetters([other], 10);
    const stored = await world.destination();
    if (stored !== undefined) await world.deps.destinations.update(stored, { tenants: world.tenantId });
    await replay(world);
    expect(world.received).toEqual([]);
    expect(await world.letters()).toHaveLength(9);
  });

  it('are sent when the destination works again, if it does not at first', async () => {
    const world = await worldWithLetters([other], 10);
    const failing = [
      { outcome: 'retry', cause: 'Busy.' },
      { outcome: 'misconfigured', cause: 'No.', nextStep: 'Change it.' },
    ] as const;
    let calls = 0;
    world.answerWith(() => {
      const result = failing[calls++ - 3];
      return result === undefined ? accepted : { result };
    });
    await replay(world);
    expect(world.received).toHaveLength(9);
    expect(await world.letters()).toEqual([]);
  });

  it('wait while the destination is paused', async () => {
    const world = await worldWithLetters([other], 10);
    const stored = await world.destination();
    if (stored !== undefined) await world.deps.destinations.update(stored, { paused: true });
    await replay(world);
    expect(world.received).toEqual([]);
  });

  it('stay where their raw blob cannot be read, and the others are sent', async () => {
    const world = await worldWithLetters([other, createDestinationWorld().tenantId], 10);
    const first = (await world.letters())[0]?.tenantId ?? '';
    const read: typeof world.raw.read = (name) =>
      name.includes(first) ? Promise.reject(new Error('incorrect data check')) : world.raw.read(name);
    await world.queues.requestSending({ version: 1, destinationId: world.destinationId, replay: true });
    await world.drain(() => ({ raw: { read } }));
    expect(world.received).toHaveLength(9);
    expect((await world.letters()).map(({ tenantId }) => tenantId)).toEqual(Array(9).fill(first));
  });
});

import { describe, expect, it } from 'vitest';
import { completeProgressOf } from '../../../shared/destinations/progress.ts';
import { publicProgressOfAll } from '../../../shared/destinations/public-destination.ts';
import type { Completeness } from '../../../shared/query/completeness.ts';
import { minuteMs } from '../../support/clock.ts';
import { accepted, createDestinationWorld, settleAll } from '../../support/destinations/destination-world.ts';
import { guidOf } from '../../support/feed-world.ts';

const other = guidOf('other tenant');

const completeAt = (completeThrough: Date | undefined): Completeness => ({
  ...{ contentTypes: [], open: [], gaps: [], unindexedLandings: 0, recordsIndexing: 0 },
  completeThrough,
});

/** A destination of two tenants. @param complete what is complete at Auditkeep; by default everything until now */
async function open(complete?: (tenant: { readonly tenantId: string }) => Date | undefined) {
  const world = createDestinationWorld([other]);
  await world.addDestination();
  const completeOf = complete ?? world.clock.now;
  const read = async () => {
    const destination = await world.destination();
    if (destination === undefined) throw new Error('There is no destination.');
    const completeness = (tenant: { readonly tenantId: string }) =>
      Promise.resolve(completeAt(completeOf(tenant)));
    return publicProgressOfAll(await completeProgressOf({ ...world.deps, completeness }, destination));
  };
  return { world, read };
}

describe('what is complete at a destination', () => {
  it('is what is complete at Auditkeep, once everything was sent', async () => {
    const { world, read } = await open();
    await world.publish([{ id: guidOf('a') }], other);
    await settleAll(world);
    world.clock.advance(minuteMs);
    const now = world.clock.now().toISOString();
    const { completeThrough, value } = await read();
    expect([completeThrough, ...value.map((tenant) => tenant.completeThrough)]).toEqual([now, now, now]);
  });

  it('ends at the oldest content that waits, of the tenant that it waits for', async () => {
    const { world, read } = await open();
    world.answerWith(() => ({ result: { outcome: 'retry', cause: 'Busy.' } }));
    const before = world.clock.now();
    await world.publish([{ id: guidOf('a') }], other);
    world.clock.advance(minuteMs);
    await world.publish([{ id: guidOf('b') }], other);
    await world.drain();
    world.clock.advance(minuteMs);
    const { completeThrough, value } = await read();
    const [oldest] = await world.deps.landings.sequenced(other, 1, 1);
    const waiting = value.find(({ tenantId }) => tenantId === other)?.completeThrough;
    expect(waiting).toBe(oldest?.oldestContent?.toISOString());
    expect(completeThrough).toBe(waiting);
    expect(new Date(waiting ?? NaN).getTime()).toBeLessThanOrEqual(before.getTime());
  });

  it('ends before a record of which it is not known yet whether it is refused', async () => {
    const { world, read } = await open();
    world.answerWith(() => ({ result: { outcome: 'refused', cause: 'Bad.' } }));
    await world.publish([{ id: guidOf('a') }], other);
    await world.drain();
    world.clock.advance(minuteMs);
    const [landing] = await world.deps.landings.sequenced(other, 1, 1);
    const undecided = (await read()).value.find(({ tenantId }) => tenantId === other);
    expect(undecided).toMatchObject({
      status: 'undecided',
      completeThrough: landing?.oldestContent?.toISOString(),
    });
    world.answerWith(() => accepted);
    await world.publish([{ id: guidOf('b') }], other);
    await settleAll(world);
    expect((await read()).completeThrough).toBe(world.clock.now().toISOString());
  });

  it('is not known where that of a tenant is not', async () => {
    const { world, read } = await open(({ tenantId }) =>
      tenantId === other ? undefined : world.clock.now(),
    );
    const { completeThrough, value } = await read();
    expect(completeThrough).toBeUndefined();
    expect(value.map((tenant) => tenant.completeThrough).toSorted()).toEqual([
      world.clock.now().toISOString(),
      undefined,
    ]);
  });

  it('is not said of one with an end, which is current once what arrived before it was sent', async () => {
    const { world, read } = await open();
    await world.publish([{ id: guidOf('a') }], other);
    await settleAll(world);
    await world.deps.destinations.remove(world.destinationId);
    world.clock.advance(minuteMs);
    await world.addDestination({ since: new Date(1), until: world.clock.now() });
    await world.queues.requestSending({ version: 1, destinationId: world.destinationId });
    await settleAll(world);
    await world.publish([{ id: guidOf('b') }], other);
    const { completeThrough, value } = await read();
    expect(value.map(({ status }) => status)).toEqual(['current', 'current']);
    expect([completeThrough, ...value.map((tenant) => tenant.completeThrough)]).toEqual(
      Array(3).fill(undefined),
    );
  });
});

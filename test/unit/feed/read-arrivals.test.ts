import { describe, expect, it } from 'vitest';
import {
  arrivalsBeginning,
  arrivalsEnd,
  type ArrivalPosition,
} from '../../../shared/feed/arrival-sequence.ts';
import { readArrivals, type ArrivalsBatch } from '../../../shared/feed/read-arrivals.ts';
import { createFaults } from '../../support/faults.ts';
import { createArrivalsWorld } from './arrivals-world.ts';

const hourMs = 60 * 60_000;
const everyone = () => Promise.resolve(true);
const question = { filters: {}, limit: 100, belongs: everyone };

/** A world whose requests are counted. */
function createCountedWorld() {
  const world = createArrivalsWorld();
  const faults = createFaults();
  const deps = {
    ...world.deps,
    arrivals: faults.inject('arrivals', world.deps.arrivals),
    landings: faults.inject('landings', world.deps.landings),
    raw: faults.inject('raw', world.deps.raw),
    index: faults.inject('index', world.deps.index),
  };
  return { ...world, deps, steps: faults.steps, host: world.startHost() };
}

const idsOf = ({ records }: ArrivalsBatch) => records.map(({ id }) => id);

describe('the records of many tenants', () => {
  it('come in the order in which they were announced, each with its tenant', async () => {
    const world = createCountedWorld();
    const landings = [];
    for (const tenantId of ['a', 'b', 'a', 'c']) landings.push(await world.ingest(world.host, tenantId, 2));
    const { records, more } = await readArrivals(world.deps, { ...question, position: arrivalsBeginning });
    expect(records.map(({ tenantId, id }) => [tenantId, id])).toEqual(
      landings.flatMap(({ tenantId, ids }) => ids.map((id) => [tenantId, id])),
    );
    expect(more).toBe(false);
  });

  it('cost one request when nothing has arrived, and no question about a tenant', async () => {
    const world = createCountedWorld();
    for (const tenantId of ['a', 'b']) await world.ingest(world.host, tenantId);
    const position = await arrivalsEnd(world.log, world.clock.now());
    const before = world.steps.length;
    const belongs = () => Promise.reject(new Error('It is called.'));
    const batch = await readArrivals(world.deps, { ...question, belongs, position });
    expect(batch).toEqual({ records: [], position, more: false });
    expect(world.steps.slice(before)).toEqual(['arrivals.arrivals']);
  });

  it('of other tenants are passed over, with one request for a thousand arrivals', async () => {
    const world = createCountedWorld();
    for (let count = 0; count < 1500; count++) await world.ingest(world.host, `other-${count % 3}`);
    const own = await world.ingest(world.host, 'own');
    const asked: string[] = [];
    const belongs = (tenantId: string) => Promise.resolve(asked.push(tenantId) > 0 && tenantId === 'own');
    const batch = await readArrivals(world.deps, { ...question, belongs, position: arrivalsBeginning });
    expect(idsOf(batch)).toEqual(own.ids);
    expect(asked).toEqual(['other-0', 'other-1', 'other-2', 'own']);
    expect(world.steps).toEqual([
      ...['arrivals.arrivals', 'arrivals.arrivals'],
      ...['landings.sequenced', 'raw.read', 'index.readClaims', 'index.readClaims'],
    ]);
    expect(batch.position.arrival).toBe((await world.log.lastArrival()) + 1);
  });

  it('join when their tenant does, and are left out when it no longer belongs', async () => {
    const world = createCountedWorld();
    const set = new Set(['a']);
    const belongs = (tenantId: string) => Promise.resolve(set.has(tenantId));
    const reader = world.openReader(arrivalsBeginning, { belongs });
    const seen = [...(await world.ingest(world.host, 'a')).ids];
    await world.ingest(world.host, 'b');
    await reader.toEnd();
    set.add('b').delete('a');
    await world.ingest(world.host, 'a');
    seen.push(...(await world.ingest(world.host, 'b')).ids);
    expect(await reader.toEnd()).toEqual(seen);
  });

  it('are all there when batches end in the middle of a landing, of an arrival, and between', async () => {
    for (const limit of [1, 2, 3, 4, 100]) {
      const world = createCountedWorld();
      const early = await world.land('a', 3);
      world.close(early);
      const rest = [];
      for (const [tenantId, records] of [
        ['a', 2],
        ['b', 3],
        ['a', 1],
      ] as const)
        rest.push(await world.ingest(world.host, tenantId, records));
      const reader = world.openReader(arrivalsBeginning, { limit });
      expect(await reader.toEnd()).toEqual([early, ...rest].flatMap(({ ids }) => ids));
    }
  });

  it('are the same in a batch up to a position whenever it is read', async () => {
    const world = createCountedWorld();
    for (const tenantId of ['a', 'b', 'b', 'a']) await world.ingest(world.host, tenantId, 3);
    let position = arrivalsBeginning;
    const batches: { readonly from: ArrivalPosition; readonly batch: ArrivalsBatch }[] = [];
    for (let more = true; more;) {
      const batch = await readArrivals(world.deps, { ...question, limit: 5, position });
      batches.push({ from: position, batch });
      ({ position, more } = batch);
    }
    for (const tenantId of ['c', 'a']) await world.ingest(world.host, tenantId, 3);
    for (const { from, batch } of batches) {
      const again = { ...question, limit: 5, position: from, until: batch.position };
      const { records, position: end } = await readArrivals(world.deps, again);
      expect(records).toEqual(batch.records);
      expect(end).toEqual(batch.position);
    }
    expect(batches.flatMap(({ batch }) => idsOf(batch))).toHaveLength(12);
  });

  it('advance by at least one line when the time of a batch is spent', async () => {
    const world = createCountedWorld();
    const landings = [];
    for (const tenantId of ['a', 'b']) landings.push(await world.ingest(world.host, tenantId, 3));
    const deps = { ...world.deps, now: () => (world.clock.advance(10_000), world.clock.now()) };
    const seen: string[] = [];
    let position = arrivalsBeginning;
    for (let polls = 0; polls < 10; polls++) {
      const batch = await readArrivals(deps, { ...question, position });
      ({ position } = batch);
      seen.push(...idsOf(batch));
    }
    expect(seen).toEqual(landings.flatMap(({ ids }) => ids));
  });

  it('are the same again in a batch that ended in an arrival because its time was spent', async () => {
    const world = createCountedWorld();
    await world.ingest(world.host, 'a', 3);
    const slow = { ...world.deps, now: () => (world.clock.advance(10_000), world.clock.now()) };
    const batch = await readArrivals(slow, { ...question, position: arrivalsBeginning });
    expect(batch).toMatchObject({ position: { line: 1 }, more: true });
    const again = { ...question, position: arrivalsBeginning, until: batch.position };
    expect(await readArrivals(world.deps, again)).toEqual(batch);
  });

  it('are filtered in each tenant', async () => {
    const world = createCountedWorld();
    const landing = await world.ingest(world.host, 'a', 3);
    await world.ingest(world.host, 'b');
    const filters = { ids: [landing.ids[1] ?? ''] };
    const batch = await readArrivals(world.deps, { ...question, filters, position: arrivalsBeginning });
    expect(idsOf(batch)).toEqual(filters.ids);
  });
});

describe('landings that an earlier release indexed', () => {
  it('are read from the beginning as soon as the tenant has a landing that is announced', async () => {
    const world = createCountedWorld();
    const old = [];
    for (let day = 0; day < 3; day++) {
      old.push(await world.land('a', 2));
      world.close(old[day] ?? expect.fail());
    }
    const reader = world.fromBeginning();
    expect(await reader.toEnd()).toEqual([]);
    const next = await world.ingest(world.host, 'a');
    expect(await reader.toEnd()).toEqual([...old, next].flatMap(({ ids }) => ids));
  });

  it('are not new to a reader that begins now, even if they are announced later', async () => {
    const world = createCountedWorld();
    world.close(await world.land('a', 2));
    world.clock.advance(2 * hourMs);
    // A host ends before it has announced this one.
    const unannounced = await world.land('a');
    const reader = await world.fromNow();
    world.close(unannounced);
    const next = await world.ingest(world.host, 'a');
    const later = await world.ingest(world.host, 'b');
    expect(await reader.toEnd()).toEqual([unannounced, next, later].flatMap(({ ids }) => ids));
  });
});

describe('a reader in the middle of an arrival', () => {
  it('continues with the next one when the tenant is purged', async () => {
    const world = createCountedWorld();
    const reader = world.openReader(arrivalsBeginning, { limit: 1 });
    const first = await world.ingest(world.host, 'a', 3);
    await reader.poll();
    world.log.purge('a');
    world.deleteLandings('a');
    const next = await world.ingest(world.host, 'b');
    world.clock.advance(1000);
    const again = await world.ingest(world.host, 'a');
    expect(await reader.toEnd()).toEqual([first.ids[0], ...next.ids, ...again.ids]);
  });
});

/** The promises about landings, kept in memory and on Table Storage. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createLandingStore } from '../../shared/adapters/tables/landing-store.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import type { GivenUpLanding, IndexedCounts, Landing } from '../../shared/landing/landing.ts';
import { landingIdOf, rawBlobName } from '../../shared/landing/landing-names.ts';
import { continueTrace, type TraceContext } from '../../shared/telemetry/trace-context.ts';
import { createClock, type Clock } from '../support/clock.ts';
import { contentNamed } from '../support/content.ts';
import { createFakeLandingStore } from '../support/fakes/landing-store.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const counts: IndexedCounts = { indexed: 8, duplicates: 2, notUnderstood: 1, rows: 60 };
const day = (date: number) => new Date(Date.UTC(2026, 2, date, 8));

const givenUp: GivenUpLanding = {
  ...{ at: day(3), by: 'key-1', reason: 'The raw blob is damaged.' },
  holes: [{ contentType: 'Audit.Exchange', start: day(1), end: day(2) }],
};

function landingOf(landedAt: Date): Landing {
  const landingId = landingIdOf(landedAt, [contentNamed(landedAt.toISOString(), landedAt)]);
  return {
    ...{ landingId, landedAt, blobName: rawBlobName(randomUUID(), landedAt, landingId) },
    ...{ contentBlobs: 3, records: 10, bytes: 12_345, oldestContent: new Date(landedAt.getTime() - 60_000) },
  };
}

describe.each([
  { where: 'in memory', open: createFakeLandingStore },
  { where: 'on Table Storage', open: () => createLandingStore(createTables(storage())) },
])('landings $where', ({ open }) => {
  it('are empty for a tenant without landings', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    expect(await store.unindexed(tenantId)).toEqual([]);
    expect(await store.totals(tenantId, new Date(0))).toEqual({
      ...{ contentBlobs: 0, recordsLanded: 0, recordsIndexed: 0, duplicates: 0, notUnderstood: 0 },
    });
  });

  it('are unindexed from opening until closing', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const [later, earlier] = [landingOf(day(2)), landingOf(day(1))];
    await store.open(tenantId, later);
    await store.open(tenantId, earlier);
    expect(await store.unindexed(tenantId)).toEqual([earlier, later]);
    await store.close(tenantId, earlier, counts);
    expect(await store.unindexed(tenantId)).toEqual([later]);
    expect(await store.recorded(tenantId, earlier.landingId)).toMatchObject({ isIndexed: true });
    expect(await store.recorded(tenantId, later.landingId)).toMatchObject({ isIndexed: false });
    expect(await store.recorded(randomUUID(), earlier.landingId)).toBeUndefined();
    expect(await store.unindexed(randomUUID())).toEqual([]);
  });

  it('stay indexed if the indexer was faster', async () => {
    const [store, tenantId, landing] = [open(), randomUUID(), landingOf(day(1))];
    await store.close(tenantId, landing, counts);
    await store.open(tenantId, landing);
    expect(await store.unindexed(tenantId)).toEqual([]);
    expect(await store.totals(tenantId, new Date(0))).toMatchObject({ recordsIndexed: 8 });
  });

  it('are the same after being opened and closed twice', async () => {
    const [store, tenantId, landing] = [open(), randomUUID(), landingOf(day(1))];
    for (let time = 0; time < 2; time++) await store.open(tenantId, landing);
    expect(await store.unindexed(tenantId)).toEqual([landing]);
    for (let time = 0; time < 2; time++) await store.close(tenantId, landing, counts);
    await store.open(tenantId, landing);
    expect(await store.unindexed(tenantId)).toEqual([]);
    expect(await store.totals(tenantId, new Date(0))).toEqual({
      ...{ contentBlobs: 3, recordsLanded: 10, recordsIndexed: 8, duplicates: 2, notUnderstood: 1 },
    });
  });

  it('carry how far the indexer is, until they are indexed', async () => {
    const [store, tenantId, landing] = [open(), randomUUID(), landingOf(day(1))];
    await store.progress(tenantId, landing.landingId, 4);
    expect(await store.unindexed(tenantId)).toEqual([]);
    await store.open(tenantId, landing);
    await store.progress(tenantId, landing.landingId, 5);
    expect(await store.unindexed(tenantId)).toEqual([{ ...landing, processed: 5 }]);
    await store.close(tenantId, landing, counts);
    await store.progress(tenantId, landing.landingId, 6);
    expect(await store.unindexed(tenantId)).toEqual([]);
    expect(await store.totals(tenantId, new Date(0))).toMatchObject({ recordsIndexed: 8 });
  });

  it('are not unindexed once given up, and are again when that is taken back', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const [first, second] = [landingOf(day(1)), landingOf(day(2))];
    for (const landing of [first, second]) await store.open(tenantId, landing);
    await store.progress(tenantId, first.landingId, 5);
    expect(await store.giveUp(tenantId, first.landingId, givenUp)).toBe(true);
    expect(await store.unindexed(tenantId)).toEqual([second]);
    expect(await store.notIndexed(tenantId)).toEqual({
      unindexed: [second],
      givenUp: [{ ...first, processed: 5, givenUp }],
    });
    const again = { ...givenUp, by: 'key-2', holes: [] };
    expect(await store.giveUp(tenantId, first.landingId, again)).toBe(true);
    expect((await store.notIndexed(tenantId)).givenUp).toEqual([{ ...first, processed: 5, givenUp: again }]);
    for (let time = 0; time < 2; time++)
      expect(await store.takeBack(tenantId, first.landingId)).toEqual({ ...first, processed: 5 });
    expect(await store.unindexed(tenantId)).toEqual([{ ...first, processed: 5 }, second]);
    expect((await store.notIndexed(tenantId)).givenUp).toEqual([]);
  });

  it('are indexed even after they were given up; those indexed or unknown cannot be given up', async () => {
    const [store, tenantId, landing] = [open(), randomUUID(), landingOf(day(1))];
    expect(await store.giveUp(tenantId, landing.landingId, givenUp)).toBe(false);
    expect(await store.takeBack(tenantId, landing.landingId)).toBeUndefined();
    await store.open(tenantId, landing);
    await store.giveUp(tenantId, landing.landingId, givenUp);
    await store.open(tenantId, landing);
    expect((await store.notIndexed(tenantId)).givenUp).toHaveLength(1);
    await store.close(tenantId, landing, counts);
    expect(await store.notIndexed(tenantId)).toEqual({ unindexed: [], givenUp: [] });
    expect(await store.giveUp(tenantId, landing.landingId, givenUp)).toBe(false);
    expect(await store.takeBack(tenantId, landing.landingId)).toBeUndefined();
  });

  it('are summed up from a given time, indexed or not, for one tenant', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    for (const date of [1, 2, 3]) await store.open(tenantId, landingOf(day(date)));
    await store.close(tenantId, landingOf(day(3)), counts);
    await store.open(randomUUID(), landingOf(day(3)));
    expect(await store.totals(tenantId, day(2))).toEqual({
      ...{ contentBlobs: 6, recordsLanded: 20, recordsIndexed: 8, duplicates: 2, notUnderstood: 1 },
    });
  });
});

describe.each([
  { where: 'in memory', open: createFakeLandingStore },
  { where: 'on Table Storage', open: () => createLandingStore(createTables(storage())) },
])('landings of imports $where', ({ open }) => {
  const imported = (date: number, importId: string): Landing => ({ ...landingOf(day(date)), importId });

  it('carry their import, and are not among the totals of the feed', async () => {
    const [store, tenantId, importId] = [open(), randomUUID(), randomUUID()];
    const landing = imported(1, importId);
    await store.open(tenantId, landing);
    expect(await store.unindexed(tenantId)).toEqual([landing]);
    await store.close(tenantId, landing, counts);
    expect(await store.totals(tenantId, new Date(0))).toMatchObject({ recordsLanded: 0, recordsIndexed: 0 });
  });

  it('have no number in the feed, whichever is first: they are opened or indexed, and however often', async () => {
    const [store, tenantId, importId] = [open(), randomUUID(), randomUUID()];
    await store.close(tenantId, imported(1, importId), counts);
    await store.open(tenantId, imported(2, importId));
    for (let time = 0; time < 2; time++) await store.close(tenantId, imported(2, importId), counts);
    expect(await store.lastSequence(tenantId)).toBe(0);
    expect(await store.sequenced(tenantId, 1, 10)).toEqual([]);
    await store.close(tenantId, landingOf(day(3)), counts);
    expect(await store.sequenced(tenantId, 1, 10)).toHaveLength(1);
    expect(await store.unindexed(tenantId)).toEqual([]);
  });

  it('are summed up by import', async () => {
    const [store, tenantId, importId] = [open(), randomUUID(), randomUUID()];
    const since = day(1);
    expect(await store.importTotals(tenantId, importId, since)).toEqual({
      ...{ landings: 0, indexedLandings: 0, recordsIndexed: 0, pastRetention: 0 },
    });
    for (const date of [1, 2, 3]) await store.open(tenantId, imported(date, importId));
    await store.open(tenantId, imported(4, randomUUID()));
    await store.open(randomUUID(), imported(5, importId));
    await store.close(tenantId, landingOf(day(6)), counts);
    await store.close(tenantId, imported(1, importId), counts);
    await store.close(tenantId, imported(2, importId), { ...counts, pastRetention: 3 });
    expect(await store.importTotals(tenantId, importId, since)).toEqual({
      ...{ landings: 3, indexedLandings: 2, recordsIndexed: 16, pastRetention: 3 },
    });
  });
});

/** So that numbers are easy to read. */
const now = () => new Date(1);

describe.each([
  { where: 'in memory', open: (clock?: Clock['now']) => createFakeLandingStore({ now: clock ?? now }) },
  {
    where: 'on Table Storage',
    open: (clock?: Clock['now']) => createLandingStore(createTables(storage()), { now: clock ?? now }),
  },
])('the order of ingestion $where', ({ open }) => {
  const idsFrom = async (store: ReturnType<typeof open>, tenantId: string, from: number, limit = 100) =>
    (await store.sequenced(tenantId, from, limit)).map(({ sequence, landingId }) => [sequence, landingId]);

  it('is empty before a landing is indexed', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    await store.open(tenantId, landingOf(day(1)));
    expect(await store.lastSequence(tenantId)).toBe(0);
    expect(await store.sequenced(tenantId, 1, 10)).toEqual([]);
  });

  it('numbers landings in the order of closing, whatever their times, separately per tenant', async () => {
    const [store, tenantId, other] = [open(), randomUUID(), randomUUID()];
    const landings = [3, 1, 2].map((date) => landingOf(day(date)));
    for (const landing of landings) await store.open(tenantId, landing);
    for (const landing of landings) await store.close(tenantId, landing, counts);
    await store.close(other, landingOf(day(5)), counts);
    expect(await store.sequenced(tenantId, 1, 100)).toEqual(
      landings.map(({ landingId, blobName, oldestContent }, at) => ({
        ...{ sequence: at + 1, landingId, blobName, oldestContent, indexed: 8 },
      })),
    );
    expect([await store.lastSequence(tenantId), await store.lastSequence(other)]).toEqual([3, 1]);
  });

  it('says which landings have only records of their own', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    for (const [date, allOwn] of [
      [1, true],
      [2, false],
      [3, undefined],
    ] as const)
      await store.close(tenantId, landingOf(day(date)), { ...counts, allOwn });
    const landings = await store.sequenced(tenantId, 1, 100);
    expect(landings.map(({ allOwn = false }) => allOwn)).toEqual([true, false, false]);
  });

  it('follows the clock, and increases even when the clock does not', async () => {
    const clock = createClock(day(9));
    const [store, tenantId] = [open(clock.now), randomUUID()];
    const numbers: number[] = [];
    for (const [at, stepMs] of [60_000, 0, -5000, 120_000].entries()) {
      clock.advance(stepMs);
      await store.close(tenantId, landingOf(day(at + 1)), counts);
      numbers.push(await store.lastSequence(tenantId));
    }
    const first = day(9).getTime() + 60_000;
    expect(numbers).toEqual([first, first + 1, first + 2, first + 115_000]);
    expect((await idsFrom(store, tenantId, 1)).map(([sequence]) => sequence)).toEqual(numbers);
  });

  it('is read from a number on, up to a limit', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const landings = [1, 2, 3, 4].map((date) => landingOf(day(date)));
    for (const landing of landings) await store.close(tenantId, landing, counts);
    expect(await idsFrom(store, tenantId, 2, 2)).toEqual([
      [2, landings[1]?.landingId],
      [3, landings[2]?.landingId],
    ]);
    expect(await idsFrom(store, tenantId, 5)).toEqual([]);
  });

  it('gives a landing one number, however often it is closed, also concurrently', async () => {
    const [store, tenantId, landing] = [open(), randomUUID(), landingOf(day(1))];
    await store.open(tenantId, landing);
    await Promise.all([1, 2, 3, 4].map(() => store.close(tenantId, landing, counts)));
    await store.close(tenantId, landingOf(day(2)), counts);
    await store.close(tenantId, landing, counts);
    expect((await idsFrom(store, tenantId, 1)).map(([sequence]) => sequence)).toEqual([1, 2]);
    expect(await store.unindexed(tenantId)).toEqual([]);
  });

  it.each([
    ['stops', 0],
    ['advances', 7],
    ['is behind that of those before', -7],
  ])(
    'has no duplicates and one order when many are closed concurrently by a clock that %s',
    async (_, stepMs) => {
      const clock = createClock(day(9));
      const tick = () => {
        clock.advance(stepMs);
        return clock.now();
      };
      const [store, tenantId] = [open(tick), randomUUID()];
      const landings = Array.from({ length: 20 }, (_, at) =>
        landingOf(new Date(Date.UTC(2026, 3, 1, 0, at))),
      );
      for (const landing of landings.slice(0, 10)) await store.open(tenantId, landing);
      await Promise.all(landings.map((landing) => store.close(tenantId, landing, counts)));
      const found = await idsFrom(store, tenantId, 1);
      const numbers = found.map(([sequence]) => Number(sequence));
      expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
      expect(Math.min(...numbers)).toBeGreaterThan(day(9).getTime() - 60_000);
      expect(new Set(found.map(([, landingId]) => landingId)).size).toBe(20);
      expect(await store.lastSequence(tenantId)).toBe(numbers.at(-1));
      expect(numbers).toHaveLength(20);
    },
  );
});

describe('the newest number', () => {
  it('that storage lost is not assigned again', async () => {
    const tables = createTables(storage());
    const [clock, tenantId] = [createClock(day(9)), randomUUID()];
    const store = createLandingStore(tables, { now: clock.now });
    await store.close(tenantId, landingOf(day(1)), counts);
    const sequence = BigInt(await store.lastSequence(tenantId));
    for (const date of [2, 3, 4]) await store.close(tenantId, landingOf(day(date)), counts);
    const lost = await store.lastSequence(tenantId);
    // As from another region, which does not have the last minutes.
    const earlier = { partitionKey: tenantId, rowKey: 'newest', sequence };
    await tables.write('Landings', (client) => client.upsertEntity(earlier, 'Replace'));
    clock.advance(60_000);
    await store.close(tenantId, landingOf(day(5)), counts);
    expect(await store.lastSequence(tenantId)).toBeGreaterThan(lost);
  });
});

describe('the row of a landing', () => {
  it('holds its number as 64 bits, as that of the newest does', async () => {
    const tables = createTables(storage());
    const [tenantId, landing] = [randomUUID(), landingOf(day(1))];
    await createLandingStore(tables, { now: () => day(2) }).close(tenantId, landing, counts);
    for (const rowKey of [landing.landingId, 'newest'])
      expect((await tables.get('Landings', tenantId, rowKey))?.['sequence']).toBe(BigInt(day(2).getTime()));
  });

  it('keeps the trace in which it was first written', async () => {
    const tables = createTables(storage());
    const [opening, closing, again] = [continueTrace(), continueTrace(), continueTrace()];
    const storeIn = (trace: TraceContext) => createLandingStore(tables, { trace: () => trace });
    const [tenantId, opened, closed] = [randomUUID(), landingOf(day(1)), landingOf(day(2))];
    const traceOf = async ({ landingId }: Landing) =>
      (await tables.get('Landings', tenantId, landingId))?.['traceId'];
    await storeIn(opening).open(tenantId, opened);
    // The indexer may be faster than the poll that landed it.
    await storeIn(closing).close(tenantId, closed, counts);
    for (const landing of [opened, closed]) await storeIn(again).close(tenantId, landing, counts);
    expect([await traceOf(opened), await traceOf(closed)]).toEqual([opening.traceId, closing.traceId]);
  });
});

describe('unreachable landings', () => {
  it('fail, and never look empty', async () => {
    const store = createLandingStore(createTables(lockedOut(storage())));
    await expect(store.unindexed(randomUUID())).rejects.toThrow();
    await expect(store.totals(randomUUID(), new Date(0))).rejects.toThrow();
    await expect(store.open(randomUUID(), landingOf(day(1)))).rejects.toThrow();
    await expect(store.close(randomUUID(), landingOf(day(1)), counts)).rejects.toThrow();
    await expect(store.sequenced(randomUUID(), 1, 1)).rejects.toThrow();
    await expect(store.lastSequence(randomUUID())).rejects.toThrow();
  });
});

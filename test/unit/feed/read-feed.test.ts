import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feedBeginning } from '../../../shared/feed/landing-sequence.ts';
import { readFeed, type FeedBatch } from '../../../shared/feed/read-feed.ts';
import type { IndexRow } from '../../../shared/index/record-index.ts';
import { parseFilter } from '../../../shared/query/filter-language/parse-filter.ts';
import { positionOf, recordOfRow } from '../../../shared/query/found-record.ts';
import { crashAt, createFaults } from '../../support/faults.ts';
import {
  createFeedWorld,
  guidOf,
  rawBlobOf,
  textOf,
  type FeedWorld,
  type InventedRecord,
} from '../../support/feed-world.ts';
import { createShortTurns } from '../../support/turns.ts';

const record = (name: string, more: Partial<InventedRecord> = {}): InventedRecord => ({
  id: guidOf(name),
  ...more,
});

/** All rows of the index. */
async function indexedRows({ index, tenantId }: FeedWorld): Promise<readonly IndexRow[]> {
  const pages = (await index.months(tenantId)).map((month) =>
    index.scan(tenantId, {
      ...{ month, dimension: 'time', after: '', before: ':', where: [] },
      ...{ pageSize: 100_000, withTexts: false },
    }),
  );
  return (await Promise.all(pages)).flatMap(({ rows }) => rows);
}

/** Ids of all records in the index. */
async function indexedIds(world: FeedWorld): Promise<readonly string[]> {
  return (await indexedRows(world)).map(({ rowKey }) => rowKey.slice(14)).sort();
}

describe('the feed', () => {
  it('gives records the ids and times of the index, even where they have none', async () => {
    const world = createFeedWorld();
    const lines = [
      textOf(record('a')),
      JSON.stringify({ Id: guidOf('b') }),
      JSON.stringify({ Operation: 'NoId' }),
      'no JSON',
    ];
    const { request, body, metadata } = rawBlobOf(world.tenantId, lines, world.clock.now());
    await world.raw.put(request.blobName, body, metadata);
    await world.indexOne(request);
    const question = { tenantId: world.tenantId, filters: {}, limit: 100, position: feedBeginning };
    const { records } = await readFeed(world.deps, question);
    const rows = await indexedRows(world);
    for (const row of rows) {
      const given = records.find((found) => positionOf(found) === row.rowKey);
      expect(recordOfRow(row, world.tenantId)).toEqual(given);
    }
    expect(records.map(positionOf).sort()).toEqual(rows.map(({ rowKey }) => rowKey).sort());
    expect(rows).toHaveLength(4);
  });

  it('reads no claims of a landing that delivered all of its records first, unless they are old', async () => {
    const world = createFeedWorld();
    const time = world.clock.now().toISOString().slice(0, 19);
    const requests: number[] = [];
    const index = {
      readClaims: async (tenantId: string, ids: readonly string[]) => {
        requests.push(ids.length);
        return await world.index.readClaims(tenantId, ids);
      },
    };
    const read = async () => {
      requests.length = 0;
      const question = { tenantId: world.tenantId, filters: {}, limit: 100, position: feedBeginning };
      const { records } = await readFeed({ ...world.deps, index }, question);
      return { ids: records.map(({ id }) => id), claims: requests.reduce((sum, count) => sum + count, 0) };
    };
    await world.indexOne(await world.land([record('a', { time }), record('b', { time })]));
    expect(await read()).toEqual({ ids: ['a', 'b'].map(guidOf), claims: 0 });
    await world.indexOne(await world.land([record('b', { time }), record('c', { time })]));
    expect(await read()).toEqual({ ids: ['a', 'b', 'c'].map(guidOf), claims: 2 });
    await world.indexOne(await world.land([record('d', { time: '2020-01-01T00:00:00' })]));
    expect(await read()).toEqual({ ids: ['a', 'b', 'c', 'd'].map(guidOf), claims: 3 });
  });

  it('returns records in the order in which landings were indexed, not in that of events', async () => {
    const world = createFeedWorld();
    const first = await world.land([record('late', { time: '2026-03-02T10:00:00' })]);
    const second = await world.land([record('new', { time: '2026-03-09T10:00:00' })]);
    await world.indexOne(second);
    await world.indexOne(first);
    expect((await world.readAll()).ids).toEqual([guidOf('new'), guidOf('late')]);
  });

  it('ends a batch when its comparisons are spent, in the middle of a landing, and lets others run', async () => {
    const world = createFeedWorld();
    await world.ingest(Array.from({ length: 10 }, (_, at) => record(String(at))));
    const { startTurn, taken } = createShortTurns();
    const filters = { filter: parseFilter("contains(auditData,'none') or contains(auditData,'nothing')") };
    const lines: number[] = [];
    let batch: FeedBatch = { records: [], position: feedBeginning, more: true };
    while (batch.more) {
      const question = { tenantId: world.tenantId, filters, limit: 100, position: batch.position };
      batch = await readFeed({ ...world.deps, startTurn, maxComparisons: 6 }, question);
      lines.push(batch.position.line);
    }
    expect(lines).toEqual([3, 6, 9, 0]);
    expect(taken()).toBe(10);
  });

  it('leaves out what an earlier landing brought, also when the later one was indexed first', async () => {
    const world = createFeedWorld();
    await world.ingest([record('a'), record('b'), record('a')]);
    await world.ingest([record('b'), record('c')]);
    expect((await world.readAll()).ids).toEqual(['a', 'b', 'c'].map(guidOf));
  });

  it('returns another record with the same Id under its derived id', async () => {
    const world = createFeedWorld();
    await world.ingest([record('a')]);
    await world.ingest([record('a', { note: 'another one' }), record('a')]);
    const { ids } = await world.readAll();
    expect([...ids].sort()).toEqual(await indexedIds(world));
    expect(ids[1]).toMatch(/^x-/);
    expect((await world.readAll({ ids: [ids[1] ?? ''] })).ids).toEqual([ids[1]]);
  });

  it('filters as lists do', async () => {
    const world = createFeedWorld();
    await world.ingest([record('a'), record('b', { operation: 'New-InboxRule', note: 'Pelican' })]);
    expect((await world.readAll({ operations: ['new-inboxrule'] })).ids).toEqual([guidOf('b')]);
    expect((await world.readAll({ text: 'pelican' })).ids).toEqual([guidOf('b')]);
    expect((await world.readAll({ to: new Date('2026-01-01') })).ids).toEqual([]);
  });

  it('continues in the middle of a landing', async () => {
    const world = createFeedWorld();
    await world.ingest(['a', 'b', 'c'].map((name) => record(name)));
    const question = { tenantId: world.tenantId, filters: {}, limit: 2 };
    const batch = await readFeed(world.deps, { ...question, position: feedBeginning });
    expect(batch).toMatchObject({ position: { sequence: 1, line: 2 }, more: true });
    expect((await readFeed(world.deps, { ...question, position: batch.position })).records).toHaveLength(1);
  });

  it('reads nothing after a position', async () => {
    const world = createFeedWorld();
    for (const name of ['a', 'b', 'c']) await world.ingest([record(name), record(`${name}2`)]);
    const question = { tenantId: world.tenantId, filters: {}, limit: 100, position: feedBeginning };
    const { records } = await readFeed(world.deps, { ...question, until: { sequence: 2, line: 1 } });
    expect(records.map(({ id }) => id)).toEqual(['a', 'a2', 'b'].map(guidOf));
  });

  it('advances by at least one line when its budget is spent, and reaches the end', async () => {
    const world = createFeedWorld();
    await world.ingest(Array.from({ length: 20 }, (_, at) => record(`r${at}`)));
    await world.ingest([record('last')]);
    const slow = { ...world.deps, now: () => (world.clock.advance(10_000), world.clock.now()) };
    let position = feedBeginning;
    const ids: string[] = [];
    for (let polls = 0; polls < 30; polls++) {
      const question = { tenantId: world.tenantId, filters: {}, limit: 100, position };
      const batch = await readFeed(slow, question);
      ids.push(...batch.records.map(({ id }) => id));
      position = batch.position;
    }
    expect(ids).toHaveLength(21);
  });

  it('skips a landing whose raw blob is gone, and reports it', async () => {
    const world = createFeedWorld();
    await world.ingest([record('a')]);
    await world.ingest([record('b')]);
    const gone = world.raw.names()[0];
    const raw = {
      read: (name: string) => (name === gone ? Promise.resolve(undefined) : world.raw.read(name)),
    };
    const question = { tenantId: world.tenantId, filters: {}, limit: 100, position: feedBeginning };
    const { records } = await readFeed({ ...world.deps, raw }, question);
    expect(records.map(({ id }) => id)).toEqual([guidOf('b')]);
    expect(world.telemetry.of('feed.landing.missing')).toHaveLength(1);
  });

  it('queries storage once when there is nothing new, and reads no blob with only duplicates', async () => {
    const world = createFeedWorld();
    await world.ingest([record('a')]);
    await world.ingest([record('a')]);
    const { position } = await world.readAll({}, 100, { sequence: 3, line: 0 });
    const faults = createFaults();
    const deps = {
      ...world.deps,
      landings: faults.inject('landings', world.landings),
      raw: faults.inject('raw', world.raw),
      index: faults.inject('index', world.index),
    };
    const question = { tenantId: world.tenantId, filters: {}, limit: 100 };
    await readFeed(deps, { ...question, position });
    expect(faults.steps).toEqual(['landings.sequenced']);
    await readFeed(deps, { ...question, position: { sequence: 2, line: 0 } });
    expect(faults.steps).toEqual(['landings.sequenced', 'landings.sequenced']);
  });

  it('returns each matching record once, however deliveries are split', async () => {
    const names = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 25 });
    const landings = fc.array(names, { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(landings, fc.integer({ min: 1, max: 12 }), fc.boolean(), async (all, limit, some) => {
        const world = createFeedWorld();
        const isEven = (name: number) => name % 2 === 0;
        for (const numbers of all) {
          await world.ingest(
            numbers.map((name) => record(`n${name}`, { operation: isEven(name) ? 'Even' : 'Odd' })),
          );
        }
        const { ids } = await world.readAll(some ? { operations: ['even'] } : {}, limit);
        const expected = [...new Set(all.flat())].filter((name) => !some || isEven(name));
        expect([...ids].sort()).toEqual(expected.map((name) => guidOf(`n${name}`)).sort());
      }),
      { numRuns: 60 },
    );
  });
});

describe('an indexer that is killed at any step and restarted', () => {
  const records = Array.from({ length: 5 }, (_, at) => record(`r${at}`));

  it('puts each record into the feed once', async () => {
    for (const fault of ['crashBefore', 'crashAfter'] as const) {
      for (let step = 0; ; step++) {
        const world = createFeedWorld();
        await world.ingest([record('r0')]);
        const request = await world.land(records);
        const faults = crashAt(step, fault);
        const ports = {
          landings: faults.inject('landings', world.landings),
          index: faults.inject('index', world.index),
          raw: faults.inject('raw', world.raw),
        };
        const ended = await world.indexOne(request, ports).then(
          () => false,
          () => true,
        );
        // Another landing is indexed before the message is redelivered.
        await world.ingest([record('r1'), record('r9')]);
        await world.indexOne(request);
        const { ids } = await world.readAll();
        expect([...ids].sort()).toEqual(['r0', 'r1', 'r2', 'r3', 'r4', 'r9'].map(guidOf).sort());
        if (!ended) break;
      }
    }
  });
});

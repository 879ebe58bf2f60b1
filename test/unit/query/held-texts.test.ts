/** How many texts of records all queries of a process hold at once, no matter who asks and how often. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { DeliveredRecord } from '../../../shared/index/delivered-records.ts';
import { monthOf } from '../../../shared/index/keys.ts';
import type { RecordIndex } from '../../../shared/index/record-index.ts';
import { recordRows } from '../../../shared/index/rows.ts';
import { countRecords } from '../../../shared/query/count-records.ts';
import { withoutEnd } from '../../../shared/query/complete-range.ts';
import { createTextRoom } from '../../../shared/query/expand-texts.ts';
import { parseFilters } from '../../../shared/query/filters.ts';
import { listRecords } from '../../../shared/query/list-records.ts';
import type { QueryDeps } from '../../../shared/query/reading/execute-query.ts';
import type { StartTurn } from '../../../shared/turns.ts';
import { createFakeRawStore } from '../../support/fakes/raw-store.ts';
import { createFakeRecordIndex } from '../../support/fakes/record-index.ts';
import { guidOf, placeRecord, tenantId } from '../index/placed-records.ts';

const now = () => new Date('2026-03-10T12:00:00Z');
/** As docs/adr/0016-cost-is-limited-not-only-calls.md says. */
const [pagesHeld, largeTextsHeld] = [3, 4];

/** Calls wait here until they are let through. */
function createGate() {
  let [waiting, isOpen]: [(() => void)[], boolean] = [[], false];
  const letAllThrough = () => {
    const through = waiting;
    waiting = [];
    for (const go of through) go();
  };
  return {
    letAllThrough,
    isOpen: () => isOpen,
    open: () => {
      isOpen = true;
      letAllThrough();
    },
    waiting: () => waiting.length,
    pass: () => new Promise<void>((resolve) => waiting.push(resolve)),
  };
}

/** Lets everything that is ready run. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

async function indexed(placed: readonly DeliveredRecord[]): Promise<RecordIndex> {
  const index = createFakeRecordIndex();
  for (const one of placed) {
    for (const { dimension, row } of recordRows(one, { tenantId, blobName: 'b' })) {
      await index.writeRows(tenantId, monthOf(one.time), dimension, [row]);
    }
  }
  return index;
}

const filtersOf = (query: Record<string, string>) => withoutEnd(parseFilters(new URLSearchParams(query)));
const withText = filtersOf({ text: 'plan' });

const list = (deps: QueryDeps, filters = withText) =>
  listRecords(deps, { tenantId, filters, top: 10, position: {} });
const count = (deps: QueryDeps) =>
  countRecords(deps, { tenantId, filters: withText, groupBy: ['user'], top: 10, position: {} });

describe('queries that search texts', () => {
  const small = placeRecord(0, { Id: guidOf(0), UserId: 'ada', Path: 'plan' });

  async function createWorld() {
    const [index, scans, turns, begun] = [await indexed([small]), createGate(), createGate(), { scans: 0 }];
    const scan: RecordIndex['scan'] = async (...asked) => {
      begun.scans++;
      await scans.pass();
      return await index.scan(...asked);
    };
    const startTurn: StartTurn = () => ({ isOver: () => true, next: turns.pass });
    return {
      scans,
      turns,
      begun,
      deps: { index: { ...index, scan }, raw: createFakeRawStore(), now, startTurn },
    };
  }

  it('hold a few pages at once, from the request until every row is filtered', async () => {
    const { scans, turns, begun, deps } = await createWorld();
    const asked = Array.from({ length: 5 }, () => [list(deps), count(deps)]).flat();
    for (let held = 0; held < asked.length; held += pagesHeld) {
      const expected = Math.min(pagesHeld, asked.length - held);
      await settle();
      expect(scans.waiting()).toBe(expected);
      scans.letAllThrough();
      await settle();
      // Their rows are being filtered: no other page is read yet.
      expect(turns.waiting()).toBe(expected);
      expect(begun.scans).toBe(held + expected);
      turns.letAllThrough();
    }
    await Promise.all(asked);
  });

  it('do not delay those that need no texts', async () => {
    const { scans, turns, deps } = await createWorld();
    const asked = Array.from({ length: 5 }, () => list(deps));
    const others = Array.from({ length: 5 }, () => list(deps, filtersOf({ users: 'ada' })));
    await settle();
    expect(scans.waiting()).toBe(pagesHeld + others.length);
    while (scans.waiting() + turns.waiting() > 0) {
      scans.letAllThrough();
      turns.letAllThrough();
      await settle();
    }
    expect((await Promise.all([...asked, ...others])).flatMap(({ records }) => records)).toHaveLength(10);
  });

  it('give their place to others when storage fails', async () => {
    const { deps } = await createWorld();
    const scan = () => Promise.reject(new Error('Storage is down.'));
    const failing = { ...deps, index: { ...deps.index, scan } };
    const asked = Array.from({ length: 2 * pagesHeld }, () => list(failing));
    for (const one of asked) await expect(one).rejects.toThrow('Storage is down.');
    const sound = { ...deps, index: await indexed([small]), startTurn: undefined };
    expect((await list(sound)).records).toHaveLength(1);
  });
});

describe('texts that do not fit into a row', () => {
  /** Does not fit into a row even when it is packed. */
  const noise = Array.from({ length: 3200 }, (_, at) => guidOf(at)).join();
  const large = Array.from({ length: 4 }, (_, at) =>
    placeRecord(at, { Id: guidOf(at), UserId: 'ada', Path: 'plan', noise }),
  );

  async function createWorld() {
    const [index, raw, reads] = [await indexed(large), createFakeRawStore(), createGate()];
    const lines = large.map(({ record }) => `${record.bytes.toString()}\n`).join('');
    await raw.put('b', gzipSync(lines), {});
    const read: typeof raw.read = async (name) => {
      if (!reads.isOpen()) await reads.pass();
      return await raw.read(name);
    };
    return { reads, deps: { index, raw: { read }, now } };
  }

  it('are held a few at once by all queries together, whether they are searched or shown', async () => {
    const { reads, deps } = await createWorld();
    const question = { tenantId, filters: filtersOf({ users: 'ada' }), top: 10, position: {} };
    const shown = () => listRecords(deps, { ...question, room: createTextRoom(deps) });
    const asked = [list(deps), shown(), list(deps), shown()];
    for (let round = 0; round < 2; round++) {
      // Reading a text takes some rounds of the event loop.
      while (reads.waiting() < largeTextsHeld) await settle();
      for (let more = 0; more < 10; more++) await settle();
      expect(reads.waiting()).toBe(largeTextsHeld);
      reads.letAllThrough();
    }
    reads.open();
    const pages = await Promise.all(asked);
    expect(pages.map(({ records }) => records.length)).toEqual(pages.map(() => large.length));
  });
});

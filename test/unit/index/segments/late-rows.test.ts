/** Rows that arrive for a month while it is compacted, and afterwards. */
import { describe, expect, it } from 'vitest';
import type { Month } from '../../../../shared/index/keys.ts';
import type { IndexRow, RecordIndex } from '../../../../shared/index/record-index.ts';
import { compactMonth, keptAfterMs } from '../../../../shared/index/segments/compact-month.ts';
import {
  layoutKeptMs,
  leastAgeMonths,
  monthBefore,
  monthOfTable,
  settleMs,
  type MonthLayouts,
} from '../../../../shared/index/segments/month-layout.ts';
import { createSegmentedIndex } from '../../../../shared/index/segments/segmented-index.ts';
import { compactAll, nowOf } from '../../../support/compacted-index.ts';
import { createFakeRecordIndex } from '../../../support/fakes/record-index.ts';
import { tenantId } from '../placed-records.ts';
import { inventedRecords, month, writeRecords } from './filled-month.ts';
import { createMonthWorld, openIndex, readMonth, scanPages, wholeScan } from './month-world.ts';

type World = ReturnType<typeof createMonthWorld>;

async function step(world: World, stepped: Month = month) {
  const tables = (await world.tables.months(tenantId)).filter((table) => monthOfTable(table) === stepped);
  const layout = (await world.layouts.list(tenantId)).find((one) => one.month === stepped);
  const old = { tenantId, month: stepped, layout, tables };
  return await compactMonth({ ...world, now: () => nowOf(world) }, old, { aborted: false });
}

async function keysIn(index: RecordIndex, scanned: Month = month) {
  const pages = await scanPages(index, wholeScan('time', { month: scanned }));
  return pages.flat().map(({ rowKey }) => rowKey);
}

describe('records that arrive late', () => {
  it('are found at once, in order, at every step, and end up in a segment', async () => {
    const [table, world] = [createFakeRecordIndex(), createMonthWorld()];
    const batches = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => inventedRecords(15, seed));
    /** One process for all of it, whose knowledge of layouts ages. */
    const index = openIndex(world);
    const steps: string[] = [];
    for (const batch of batches) {
      for (const minutes of [0, 10, 50]) {
        // Twice: a landing that is indexed again.
        for (let times = 0; times < 2; times++) await writeRecords(index, batch.slice(minutes / 10));
        await writeRecords(table, batch.slice(minutes / 10));
        const wanted = await readMonth(table);
        expect(await readMonth(index)).toEqual(wanted);
        expect(await readMonth(openIndex(world))).toEqual(wanted);
        steps.push(await step(world));
        expect(await readMonth(index)).toEqual(wanted);
        expect(await readMonth(openIndex(world))).toEqual(wanted);
        world.clock.ms += minutes * 60_000;
      }
      if (steps.length % 2 === 0) world.clock.ms += keptAfterMs;
    }
    await compactAll(world, tenantId);
    await compactAll(world, tenantId);
    expect(await readMonth(openIndex(world))).toEqual(await readMonth(table));
    expect(await world.tables.months(tenantId)).toEqual([]);
    expect(new Set(steps)).toEqual(new Set(['sealed', 'none', 'built', 'cleaned']));
    const [layout] = await world.layouts.list(tenantId);
    expect(layout?.segments.length).toBeLessThanOrEqual(4);
  }, 60_000);

  it('go into the sealed table as well until every process knows that it is sealed', async () => {
    const world = createMonthWorld();
    const row: IndexRow = { rowKey: '1_a', match: {}, summary: Buffer.from('one') };
    await world.tables.writeRows(tenantId, month, 'time', [row]);
    expect(await step(world)).toBe('sealed');
    const index = openIndex(world);
    world.clock.ms += settleMs - 1;
    await index.writeRows(tenantId, month, 'time', [{ ...row, rowKey: '2_b' }]);
    expect(await keysIn(world.tables, month)).toEqual(['1_a', '2_b']);
    expect(await step(world)).toBe('none');
    world.clock.ms += 1;
    await index.writeRows(tenantId, month, 'time', [{ ...row, rowKey: '3_c' }]);
    expect(await keysIn(world.tables, month)).toEqual(['1_a', '2_b']);
    expect(await keysIn(world.tables, `${month}g1`)).toEqual(['2_b', '3_c']);
    expect(layoutKeptMs).toBeLessThan(settleMs);
    world.clock.ms += settleMs;
    expect(await step(world)).toBe('built');
    expect(await keysIn(openIndex(world))).toEqual(['1_a', '2_b', '3_c']);
  });

  it.each([16, 60, 23 * 60])(
    'are in a segment, although the clock of their host is %i minutes behind',
    async (minutes) => {
      const world = createMonthWorld();
      const row: IndexRow = { rowKey: '5_a', match: {}, summary: Buffer.from('one') };
      await world.tables.writeRows(tenantId, month, 'time', [row]);
      expect(await step(world)).toBe('sealed');
      const behind = createSegmentedIndex({
        ...world,
        now: () => new Date(nowOf(world).getTime() - minutes * 60_000),
      });
      world.clock.ms += 2 * settleMs;
      // When the segment has all rows that the build has seen.
      const layouts: MonthLayouts = {
        ...world.layouts,
        async save(...asked) {
          await behind.writeRows(tenantId, month, 'time', [{ ...row, rowKey: '2_b' }]);
          return await world.layouts.save(...asked);
        },
      };
      expect(await step({ ...world, layouts })).toBe('built');
      expect(await keysIn(openIndex(world))).toEqual(['2_b', '5_a']);
      await compactAll(world, tenantId);
      await compactAll(world, tenantId);
      expect(await keysIn(openIndex(world))).toEqual(['2_b', '5_a']);
    },
  );

  it('are in a segment, although the host sees the month end a day later', async () => {
    const world = createMonthWorld();
    const old = monthBefore(nowOf(world), leastAgeMonths);
    const row: IndexRow = { rowKey: '1_a', match: {}, summary: Buffer.from('one') };
    await world.tables.writeRows(tenantId, old, 'time', [row]);
    expect(await step(world, old)).toBe('sealed');
    const yesterday = createSegmentedIndex({
      ...world,
      now: () => new Date(nowOf(world).getTime() - 23 * 60 * 60_000),
    });
    await yesterday.writeRows(tenantId, old, 'time', [{ ...row, rowKey: '2_b' }]);
    expect(await keysIn(world.tables, `${old}g1`)).toEqual(['2_b']);
  });

  it('are in a segment, although the clock of a process that knows layouts is set back', async () => {
    const world = createMonthWorld();
    const row: IndexRow = { rowKey: '1_a', match: {}, summary: Buffer.from('one') };
    await world.tables.writeRows(tenantId, month, 'time', [row]);
    const skew = { ms: 0 };
    const index = createSegmentedIndex({ ...world, now: () => new Date(nowOf(world).getTime() - skew.ms) });
    await index.months(tenantId);
    expect(await step(world)).toBe('sealed');
    world.clock.ms += 2 * settleMs;
    skew.ms = 3 * settleMs;
    await index.writeRows(tenantId, month, 'time', [{ ...row, rowKey: '2_b' }]);
    expect(await keysIn(world.tables, `${month}g1`)).toEqual(['2_b']);
  });
});

describe('a scan that began before a month was compacted', () => {
  it('continues where it was, at every step', async () => {
    const [table, world] = [createFakeRecordIndex(), createMonthWorld()];
    const made = inventedRecords(60);
    for (const one of [table, world.tables]) await writeRecords(one, made);
    const wanted = (await scanPages(table, wholeScan('time'))).flat().map(({ rowKey }) => rowKey);
    const found: string[] = [];
    let token: string | undefined;
    for (let page = 0; page < 100; page++) {
      const next = await openIndex(world).scan(tenantId, wholeScan('time', { pageSize: 9, token }));
      found.push(...next.rows.map(({ rowKey }) => rowKey));
      token = next.token;
      if (token === undefined) break;
      await step(world);
      world.clock.ms += 2 * settleMs;
    }
    expect(found).toEqual(wanted);
  });

  it('fails when its table is gone, instead of seeming to be at the end', async () => {
    const world = createMonthWorld();
    await writeRecords(world.tables, inventedRecords(30));
    const { token } = await openIndex(world).scan(tenantId, wholeScan('time', { pageSize: 9 }));
    await compactAll(world, tenantId);
    const resumed = openIndex(world).scan(tenantId, wholeScan('time', { pageSize: 9, token }));
    await expect(resumed).rejects.toThrow('too long ago');
  });
});

describe('a month', () => {
  it('that is dropped has no rows, tables or files, and can be written again', async () => {
    const world = createMonthWorld();
    await writeRecords(world.tables, inventedRecords(30));
    await compactAll(world, tenantId);
    const index = openIndex(world);
    await writeRecords(index, inventedRecords(10, 2));
    await index.dropMonth(tenantId, month);
    expect(await index.months(tenantId)).toEqual([]);
    expect([...world.files.sizes().keys()]).toEqual([]);
    expect(await world.tables.months(tenantId)).toEqual([]);
    expect((await scanPages(index, wholeScan('time'))).flat()).toEqual([]);
    await writeRecords(index, inventedRecords(10, 2));
    expect((await scanPages(index, wholeScan('time'))).flat()).toHaveLength(10);
  });

  it('that was dropped by another process is empty, although its segment was known', async () => {
    const world = createMonthWorld();
    await writeRecords(world.tables, inventedRecords(30));
    await compactAll(world, tenantId);
    const index = openIndex(world);
    await index.months(tenantId);
    await openIndex(world).dropMonth(tenantId, month);
    expect((await scanPages(index, wholeScan('time'))).flat()).toEqual([]);
  });

  it('that is recent needs no layout', async () => {
    const world = createMonthWorld();
    const index = openIndex({
      ...world,
      layouts: { ...world.layouts, list: () => Promise.reject(new Error('Not expected.')) },
    });
    const recent = monthBefore(nowOf(world), 1);
    await index.writeRows(tenantId, recent, 'time', [
      { rowKey: '1_a', match: {}, summary: Buffer.from('a') },
    ]);
    expect((await index.scan(tenantId, wholeScan('time', { month: recent }))).rows).toHaveLength(1);
    expect(await index.getRow(tenantId, recent, 'time', '1_a')).toBeDefined();
  });
});

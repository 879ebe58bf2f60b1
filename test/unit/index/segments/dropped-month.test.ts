/** A month that is dropped: whatever interrupts it, dropping what is left finishes it, and no answer fails meanwhile. */
import { describe, expect, it } from 'vitest';
import type { RecordIndex } from '../../../../shared/index/record-index.ts';
import { createSegmentedIndex } from '../../../../shared/index/segments/segmented-index.ts';
import { compactAll, nowOf } from '../../../support/compacted-index.ts';
import { Crash, crashAt, createFaults, type Faults } from '../../../support/faults.ts';
import { tenantId } from '../placed-records.ts';
import { inventedRecords, month, writeRecords } from './filled-month.ts';
import { createMonthWorld, openIndex, readMonth, scanPages, wholeScan } from './month-world.ts';

type World = ReturnType<typeof createMonthWorld>;

/** Two segments, and perhaps late rows in a table. */
async function compacted(late: number): Promise<World> {
  const world = createMonthWorld();
  for (const seed of [1, 2]) {
    await writeRecords(openIndex(world), inventedRecords(20, seed));
    await compactAll(world, tenantId);
  }
  await writeRecords(openIndex(world), inventedRecords(late, 3));
  return world;
}

async function drop(world: World, faults: Faults): Promise<void> {
  const index = createSegmentedIndex({
    tables: faults.inject('tables', world.tables),
    layouts: faults.inject('layouts', world.layouts),
    files: faults.inject('files', world.files),
    now: () => nowOf(world),
  });
  await index.dropMonth(tenantId, month);
}

async function dropAll(index: RecordIndex): Promise<void> {
  for (const left of await index.months(tenantId)) await index.dropMonth(tenantId, left);
}

describe('a month', () => {
  it.each([
    ['late rows', 10],
    ['segments only', 0],
  ])(
    'with %s whose dropping ends at any step is a month until nothing is left',
    async (_what, late) => {
      const count = createFaults();
      await drop(await compacted(late), count);
      expect(count.steps.length).toBeGreaterThan(15);
      for (const at of count.steps.keys()) {
        for (const fault of ['crashBefore', 'crashAfter'] as const) {
          const world = await compacted(late);
          const name = `${fault} ${at} ${count.steps[at] ?? ''}`;
          await expect(drop(world, crashAt(at, fault)), name).rejects.toThrow(Crash);
          await dropAll(openIndex(world));
          expect([...world.files.sizes().keys()], name).toEqual([]);
          expect(await world.tables.months(tenantId), name).toEqual([]);
          expect(await world.layouts.list(tenantId), name).toEqual([]);
        }
      }
    },
    60_000,
  );

  it('answers at every step of its dropping, also to who knew where it was', async () => {
    const world = await compacted(10);
    const readers = Array.from({ length: 40 }, () => openIndex(world));
    for (const reader of readers) await reader.months(tenantId);
    const counts: number[] = [];
    const read = async (reader = openIndex(world)) => {
      counts.push((await scanPages(reader, wholeScan('time'))).flat().length);
      await readMonth(reader);
    };
    const files = {
      ...world.files,
      async remove(name: string) {
        await read();
        await read(readers.pop());
        await world.files.remove(name);
        await read();
        await read(readers.pop());
      },
    };
    const index = createSegmentedIndex({ ...world, files, now: () => nowOf(world) });
    await index.dropMonth(tenantId, month);
    expect(counts.length).toBeGreaterThan(20);
    // Rows of late records, whose table is still there.
    expect(counts.at(-1)).toBe(10);
    expect((await scanPages(openIndex(world), wholeScan('time'))).flat()).toEqual([]);
  });
});

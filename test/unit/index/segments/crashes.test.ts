/** Compaction that ends at any step of storage: every answer stays the same, and repeating it finishes the work. */
import { describe, expect, it } from 'vitest';
import type { SegmentFiles } from '../../../../shared/index/segments/segment-files.ts';
import { compactAll, type Compacted } from '../../../support/compacted-index.ts';
import { Crash, crashAt, createFaults, type Faults } from '../../../support/faults.ts';
import { createFakeRecordIndex } from '../../../support/fakes/record-index.ts';
import { tenantId } from '../placed-records.ts';
import { inventedRecords, writeRecords } from './filled-month.ts';
import { createMonthWorld, openIndex, readMonth } from './month-world.ts';

const records = inventedRecords(20);
/** After every block: as many pieces as there can be. */
const pieceRows = 1;

function filesWithFaults(faults: Faults, files: SegmentFiles): SegmentFiles {
  const faulty = faults.inject('files', files);
  return {
    create: (name) => faults.inject('file', files.create(name)),
    read: (...asked) => faulty.read(...asked),
    names: (...asked) => faulty.names(...asked),
    remove: (...asked) => faulty.remove(...asked),
  };
}

function withFaults(faults: Faults, world: Compacted): Compacted {
  return {
    ...world,
    tables: faults.inject('tables', world.tables),
    layouts: faults.inject('layouts', world.layouts),
    files: filesWithFaults(faults, world.files),
  };
}

async function filled() {
  const world = createMonthWorld(pieceRows);
  await writeRecords(world.tables, records);
  return world;
}

async function stepsOfAll(): Promise<readonly string[]> {
  const faults = createFaults();
  await compactAll(withFaults(faults, await filled()), tenantId);
  return faults.steps;
}

describe('compaction', () => {
  it('ends the same, whatever step it was interrupted at', async () => {
    const table = createFakeRecordIndex();
    await writeRecords(table, records);
    const wanted = await readMonth(table);
    const steps = await stepsOfAll();
    expect(steps.length).toBeGreaterThan(60);
    const whole = await filled();
    await compactAll(whole, tenantId);
    for (const at of steps.keys()) {
      for (const fault of ['crashBefore', 'crashAfter'] as const) {
        const world = await filled();
        const name = `${fault} ${at} ${steps[at] ?? ''}`;
        const crashed = compactAll(withFaults(crashAt(at, fault), world), tenantId);
        await expect(crashed, name).rejects.toThrow(Crash);
        expect(await readMonth(openIndex(world)), name).toEqual(wanted);
        await compactAll(world, tenantId);
        expect(await readMonth(openIndex(world)), name).toEqual(wanted);
        expect(await world.tables.months(tenantId), name).toEqual([]);
        expect(world.files.sizes().size, name).toBe(whole.files.sizes().size);
      }
    }
  }, 120_000);

  it('does not publish a piece that storage changed, and leaves nothing of it however often it tries', async () => {
    const world = await filled();
    const damaging: SegmentFiles = {
      ...world.files,
      create(name) {
        const file = world.files.create(name);
        let isFirst = true;
        return {
          close: () => file.close(),
          append: async (bytes) => {
            const isText = name.endsWith('.texts') && isFirst;
            isFirst = false;
            await file.append(isText ? await otherText(bytes) : bytes);
          },
        };
      },
    };
    await expect(compactAll({ ...world, files: damaging }, tenantId)).rejects.toThrow();
    expect(await world.layouts.list(tenantId)).toMatchObject([{ segments: [], sealed: [0] }]);
    const left = world.files.sizes().size;
    await expect(compactAll({ ...world, files: damaging }, tenantId)).rejects.toThrow();
    expect(world.files.sizes().size).toBe(left);
  });
});

/** Sound, but of another block. */
async function otherText(bytes: Buffer): Promise<Buffer> {
  const { encodeTexts } = await import('../../../../shared/index/segments/block.ts');
  const other = await encodeTexts([
    { rowKey: 'a', match: {}, summary: Buffer.alloc(0), text: Buffer.from('a') },
  ]);
  return other.equals(bytes) ? bytes : other;
}

/** Rows that are read at the same moment share what they read of a compacted month. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { IndexRow } from '../../../../shared/index/record-index.ts';
import { createCachedReads } from '../../../../shared/index/segments/cached-reads.ts';
import { compactAll } from '../../../support/compacted-index.ts';
import { createFakeSegmentFiles } from '../../../support/fakes/segment-files.ts';
import { createFaults } from '../../../support/faults.ts';
import { tenantId } from '../placed-records.ts';
import { inventedRecords, month, writeRecords } from './filled-month.ts';
import { createMonthWorld, openIndex, readable, scanPages, wholeScan } from './month-world.ts';

const world = createMonthWorld();
const rows: IndexRow[] = [];

beforeAll(async () => {
  await writeRecords(world.tables, inventedRecords(300, 7));
  rows.push(...(await scanPages(world.tables, wholeScan('time'))).flat());
  await compactAll(world, tenantId);
});

describe('rows that are read at the same moment', () => {
  it('take one request for the manifest, one for the directory, and one for each file', async () => {
    const faults = createFaults();
    const index = openIndex({ ...world, files: faults.inject('files', world.files) });
    const found = await Promise.all(
      rows.slice(0, 40).map(({ rowKey }) => index.getRow(tenantId, month, 'time', rowKey)),
    );
    expect(found.map((row) => row && readable(row))).toEqual(rows.slice(0, 40).map(readable));
    expect(faults.steps.filter((step) => step === 'files.read').length).toBeLessThanOrEqual(4);
  });

  it.each([0, 1, 2])('all fail when their request %i fails, and the next one asks again', async (failing) => {
    const faults = createFaults((_step, at) => (at === failing ? new Error('storage failed') : undefined));
    const index = openIndex({ ...world, files: faults.inject('files', world.files) });
    const ask = async ({ rowKey }: IndexRow) => await index.getRow(tenantId, month, 'time', rowKey);
    const outcomes = await Promise.allSettled(rows.slice(0, 3).map(ask));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    const [first] = rows;
    expect(first && (await ask(first))?.rowKey).toBe(first?.rowKey);
  });
});

describe('ranges that are read at the same moment', () => {
  it('are each whole where they overlap', async () => {
    const files = createFakeSegmentFiles();
    const bytes = Buffer.from(Array.from({ length: 2_000_000 }, (_, at) => (at * 31) % 251));
    const file = files.create('one');
    await file.append(bytes);
    await file.close();
    const faults = createFaults();
    const reads = createCachedReads(faults.inject('files', files));
    const ranges = [0, 100_000, 300_000, 500_000, 260_000].map((offset) => ({
      ...{ name: 'one', offset, length: 400_000 },
    }));
    const read = await Promise.all(ranges.map((range) => reads.readAll([range])));
    expect(read.map(([one]) => one)).toEqual(
      ranges.map(({ offset, length }) => bytes.subarray(offset, offset + length)),
    );
    expect(faults.steps).toHaveLength(3);
  });
});

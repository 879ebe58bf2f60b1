/** A compacted month answers every scan as its table did, in few requests and few bytes. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { dimensions } from '../../../../shared/index/keys.ts';
import { matchColumns, type MatchColumn, type MatchTerm } from '../../../../shared/index/match-columns.ts';
import type { IndexRow, Scan } from '../../../../shared/index/record-index.ts';
import { compactAll } from '../../../support/compacted-index.ts';
import { createFakeRecordIndex } from '../../../support/fakes/record-index.ts';
import { tenantId } from '../placed-records.ts';
import { inventedRecords, month, writeRecords } from './filled-month.ts';
import { createMonthWorld, openIndex, readable, readMonth, scanPages, wholeScan } from './month-world.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
/** Several blocks in each of several pieces. */
const [records, pieceRows] = [2400, 900];

const table = createFakeRecordIndex();
const world = createMonthWorld(pieceRows);
const rows: Record<string, readonly IndexRow[]> = {};

beforeAll(async () => {
  console.info(`same-answers: SEED=${seed}`);
  const made = inventedRecords(records, seed);
  for (const index of [table, world.tables]) await writeRecords(index, made);
  for (const dimension of dimensions)
    rows[dimension] = (await scanPages(table, wholeScan(dimension, { withMatch: true }))).flat();
  expect(await compactAll(world, tenantId)).toEqual(['sealed', 'built', 'cleaned', 'none']);
}, 120_000);

interface Question extends Pick<Scan, 'dimension' | 'pageSize' | 'withTexts'> {
  /** Shares of the rows of the dimension, in any order. */
  readonly bounds: readonly [number, number];
  /** The row within the bounds whose values are searched for. */
  readonly example: number;
  readonly isOneValue: boolean;
  readonly columns: readonly MatchColumn[];
}

function scanOf({ dimension, bounds, example, isOneValue, columns, ...rest }: Question): Scan {
  const all = rows[dimension] ?? [];
  const rowAt = (at: number) => all[Math.floor(at * (all.length - 1))];
  const [low, high] = [Math.min(...bounds), Math.max(...bounds)];
  const { match = {}, rowKey = '' } = rowAt(low + (high - low) * example) ?? {};
  const where = columns.flatMap((column): readonly MatchTerm[] => {
    const value = match[column];
    return value === undefined ? [] : [{ column, anyOf: [value, 5n] }];
  });
  if (isOneValue && dimension !== 'time') {
    const after = rowKey.slice(0, 17);
    return wholeScan(dimension, { ...rest, where, after, before: `${after}:` });
  }
  const [after = '', before = ''] = [rowAt(low)?.rowKey, rowAt(high)?.rowKey];
  return wholeScan(dimension, { ...rest, where, after, before, pageSize: Math.max(100, rest.pageSize) });
}

describe('a compacted month', () => {
  it('has no table, and is listed', async () => {
    expect(await world.tables.months(tenantId)).toEqual([]);
    expect(await openIndex(world).months(tenantId)).toEqual([month]);
  });

  it('has every row of every dimension', async () => {
    expect(await readMonth(openIndex(world))).toEqual(await readMonth(table));
  });

  it('answers every scan as the table did', async () => {
    const index = openIndex(world);
    const place = fc.double({ min: 0, max: 1, noNaN: true });
    const asked = fc.record({
      dimension: fc.constantFrom(...dimensions),
      bounds: fc.tuple(place, place),
      isOneValue: fc.boolean(),
      columns: fc.subarray([...matchColumns], { maxLength: 3 }),
      example: place,
      pageSize: fc.constantFrom(1, 7, 100, 1000),
      withTexts: fc.boolean(),
    });
    let hits = 0;
    await fc.assert(
      fc.asyncProperty(asked, async (question) => {
        const scan = scanOf(question);
        const wanted = (await scanPages(table, scan)).flat();
        const pages = await scanPages(index, scan);
        for (const page of pages) expect(page.length).toBeLessThanOrEqual(scan.pageSize);
        const found = pages.flat().map(readable);
        const keys = new Set(wanted.map(({ rowKey }) => rowKey));
        // Rows are not filtered by columns with a value for each record: the caller of a scan checks them.
        const isUnfiltered = scan.where.some(({ column }) => column === 'b' || column === 'i');
        const kept = isUnfiltered ? found.filter(({ rowKey }) => keys.has(rowKey)) : found;
        expect(kept).toEqual(wanted.map(readable));
        hits += wanted.length > 0 ? 1 : 0;
      }),
      { seed, numRuns: 80 },
    );
    expect(hits).toBeGreaterThan(30);
  }, 120_000);

  it('returns every row by its key, and none for another key', async () => {
    const index = openIndex(world);
    for (const dimension of dimensions) {
      const all = rows[dimension] ?? [];
      for (const row of all.filter((_, at) => at % 397 === 0)) {
        const found = await index.getRow(tenantId, month, dimension, row.rowKey);
        expect(found && readable(found)).toEqual(readable(row));
        expect(await index.getRow(tenantId, month, dimension, `${row.rowKey}0`)).toBeUndefined();
        expect(await index.getRow(tenantId, month, dimension, row.rowKey.slice(0, -1))).toBeUndefined();
      }
    }
  });
});

describe('of 4,000 records', () => {
  const large = createMonthWorld();
  beforeAll(async () => {
    await writeRecords(large.tables, inventedRecords(4000));
    await compactAll(large, tenantId);
  }, 120_000);

  it('a record takes at most 400 bytes', () => {
    const bytes = [...large.files.sizes().values()].reduce((sum, size) => sum + size, 0);
    console.info(`${Math.round(bytes / 4000)} bytes a record`);
    expect(bytes / 4000).toBeLessThanOrEqual(400);
  });

  it.each(dimensions.flatMap((one) => [1, 100, 1000].map((pageSize) => [one, pageSize] as const)))(
    'a page by %s of %i takes at most 5 reads of storage in a process that has read nothing',
    async (dimension, pageSize) => {
      const [first] = (await openIndex(large).scan(tenantId, wholeScan(dimension, { pageSize: 1 }))).rows;
      const prefix = dimension === 'time' ? '' : (first?.rowKey.slice(0, 17) ?? '');
      for (const withTexts of [false, true]) {
        const before = large.files.reads();
        const scan = wholeScan(dimension, { after: prefix, before: `${prefix}:`, pageSize, withTexts });
        const { rows: found } = await openIndex(large).scan(tenantId, scan);
        expect(found.length).toBeGreaterThan(0);
        expect(large.files.reads() - before).toBeLessThanOrEqual(5);
      }
    },
  );
});

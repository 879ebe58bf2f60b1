/** An index over fakes, its compaction, and a reader of everything in it. */
import { dimensions, type Dimension } from '../../../../shared/index/keys.ts';
import { unpackText } from '../../../../shared/index/packing.ts';
import type { IndexRow, RecordIndex, Scan, VerifiedIndex } from '../../../../shared/index/record-index.ts';
import { createSegmentedIndex } from '../../../../shared/index/segments/segmented-index.ts';
import { nowOf, type Compacted } from '../../../support/compacted-index.ts';
import { createFakeMonthLayouts } from '../../../support/fakes/month-layouts.ts';
import { createFakeRecordIndex } from '../../../support/fakes/record-index.ts';
import { createFakeSegmentFiles } from '../../../support/fakes/segment-files.ts';
import { tenantId } from '../placed-records.ts';
import { month } from './filled-month.ts';

export function createMonthWorld(pieceRows?: number) {
  return {
    tables: createFakeRecordIndex(),
    layouts: createFakeMonthLayouts(),
    files: createFakeSegmentFiles(),
    clock: { ms: 0 },
    pieceRows,
  };
}

/** As a process that has just started. */
export function openIndex(world: Compacted): VerifiedIndex {
  return createSegmentedIndex({ ...world, now: () => nowOf(world) });
}

export const wholeScan = (dimension: Dimension, changes: Partial<Scan> = {}): Scan => ({
  ...{ month, dimension, after: '', before: '~', where: [], pageSize: 1000, withTexts: true },
  ...changes,
});

/** All pages of a scan. */
export async function scanPages(
  index: RecordIndex,
  scan: Scan,
  owner: string = tenantId,
): Promise<readonly (readonly IndexRow[])[]> {
  const pages: (readonly IndexRow[])[] = [];
  let token: string | undefined;
  do {
    const page = await index.scan(owner, { ...scan, token });
    pages.push(page.rows);
    token = page.token;
  } while (token !== undefined);
  return pages;
}

/** What a row says, however it is packed. */
export function readable({ rowKey, summary, text, textAt }: IndexRow) {
  const unpack = (bytes: Uint8Array | undefined) => bytes && unpackText(bytes).toString('latin1');
  return { rowKey, summary: unpack(summary), text: unpack(text), textAt };
}

/** Every row of every dimension. */
export async function readMonth(index: RecordIndex) {
  const read = async (dimension: Dimension) =>
    (await scanPages(index, wholeScan(dimension))).flat().map(readable);
  return Object.fromEntries(
    await Promise.all(dimensions.map(async (dimension) => [dimension, await read(dimension)] as const)),
  );
}

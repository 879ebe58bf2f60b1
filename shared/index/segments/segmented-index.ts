/**
 * The index, wherever its months are: in tables, or in segments of blob storage. What arrives late for a compacted month
 * is in a table again, and is read together with the segments.
 */
import type { Dimension, Month } from '../keys.ts';
import type { IndexRow, Scan, ScanPage, VerifiedIndex } from '../record-index.ts';
import { keepingLayouts } from './kept-layouts.ts';
import { afterToken, isMergedToken, mergedScan, type RowSource, type SourceScan } from './merged-scan.ts';
import {
  hasFirstTable,
  mayHaveLayout,
  monthOfTable,
  openTables,
  writtenTables,
  type MonthLayout,
  type MonthLayouts,
} from './month-layout.ts';
import { monthFolder, type SegmentFiles } from './segment-files.ts';
import { segmentOpener, sourceOf } from './segment-source.ts';
import { wholeRowsOf } from './whole-rows.ts';

export interface SegmentedIndexDeps {
  /** Each of its months is one table. */
  readonly tables: VerifiedIndex;
  readonly layouts: MonthLayouts;
  readonly files: SegmentFiles;
  readonly now: () => Date;
}

export function createSegmentedIndex(deps: SegmentedIndexDeps): VerifiedIndex {
  const { tables, layouts, files, now } = deps;
  const known = keepingLayouts(layouts, now);
  const reader = createMonthReader(deps);

  /** Undefined for a month that is one table. */
  async function layoutOf(tenantId: string, month: Month): Promise<MonthLayout | undefined> {
    if (!mayHaveLayout(month, now())) return undefined;
    return (await known.get(tenantId)).get(month);
  }

  return {
    createClaims: (...asked) => tables.createClaims(...asked),
    readClaims: (...asked) => tables.readClaims(...asked),
    claims: (...asked) => tables.claims(...asked),
    async writeRows(tenantId, month, dimension, rows) {
      const layout = await layoutOf(tenantId, month);
      for (const table of layout === undefined ? [month] : writtenTables(layout, now()))
        await tables.writeRows(tenantId, table, dimension, rows);
    },
    async months(tenantId) {
      const [named, layoutsOf] = await Promise.all([tables.months(tenantId), known.get(tenantId)]);
      return [...new Set([...named.map(monthOfTable), ...layoutsOf.keys()])].sort().reverse();
    },
    scan: (tenantId, scan) =>
      known.retrying(tenantId, async () => reader.scan(tenantId, scan, await layoutOf(tenantId, scan.month))),
    getRow: (tenantId, month, dimension, rowKey) =>
      known.retrying(tenantId, async () => {
        const layout = await layoutOf(tenantId, month);
        if (layout === undefined) return await tables.getRow(tenantId, month, dimension, rowKey);
        return await reader.row(tenantId, layout, [dimension, rowKey]);
      }),
    wholeRows: (tenantId, range) =>
      known.retrying(tenantId, async () => {
        const layout = await layoutOf(tenantId, range.month);
        if (layout === undefined) return await tables.wholeRows(tenantId, range);
        const scan = (asked: SourceScan) => reader.scan(tenantId, { ...asked, month: range.month }, layout);
        return await wholeRowsOf(scan, range, tenantId);
      }),
    async dropMonth(tenantId, month) {
      await unlinkSegments(layouts, tenantId, month);
      known.forget(tenantId);
      for (const name of await files.names(monthFolder(tenantId, month))) await files.remove(name);
      const named = (await tables.months(tenantId)).filter((table) => monthOfTable(table) === month);
      for (const table of [...named, month]) await tables.dropMonth(tenantId, table);
      // Last: a month with a layout is one of `months`, so whatever interrupts this is repeated.
      await layouts.remove(tenantId, month);
      known.forget(tenantId);
    },
  };
}

/** From then on, no one reads the files. @throws Error when the layout changes meanwhile */
async function unlinkSegments(layouts: MonthLayouts, tenantId: string, month: Month): Promise<void> {
  const stored = (await layouts.list(tenantId)).find((one) => one.month === month);
  if (stored === undefined || stored.segments.length === 0) return;
  const { etag, ...layout } = stored;
  if (!(await layouts.save(tenantId, { ...layout, segments: [] }, etag)))
    throw new Error(
      `The layout of ${month} changed while the month was dropped: dropping it again continues.`,
    );
}

/** Reads months wherever their layouts say that they are. */
function createMonthReader({ tables, files }: SegmentedIndexDeps) {
  const open = segmentOpener(files);

  async function sourcesOf(tenantId: string, layout: MonthLayout): Promise<readonly RowSource[]> {
    const inTables = openTables(layout).map((month): RowSource => {
      return { name: month, scan: (scan) => tables.scan(tenantId, { ...scan, month }) };
    });
    const inSegments = layout.segments.toReversed().map(async (name) => sourceOf(name, await open(name)));
    return [...inTables, ...(await Promise.all(inSegments))];
  }

  return {
    async scan(tenantId: string, scan: Scan, layout: MonthLayout | undefined): Promise<ScanPage> {
      const { token } = scan;
      const isOwn = token === undefined || isMergedToken(token);
      if (layout !== undefined && isOwn) return await mergedScan(await sourcesOf(tenantId, layout), scan);
      if (layout !== undefined && !hasFirstTable(layout))
        throw new Error(
          `A scan of ${scan.month} began before the month was compacted, too long ago to continue.`,
        );
      return await tables.scan(tenantId, token === undefined || !isOwn ? scan : afterToken(scan, token));
    },
    async row(
      tenantId: string,
      layout: MonthLayout,
      [dimension, rowKey]: readonly [Dimension, string],
    ): Promise<IndexRow | undefined> {
      const inTables = openTables(layout).map((month) => tables.getRow(tenantId, month, dimension, rowKey));
      const inSegments = layout.segments
        .toReversed()
        .map(async (name) => await (await open(name)).getRow(dimension, rowKey));
      return (await Promise.all([...inTables, ...inSegments])).find((row) => row !== undefined);
    },
  };
}

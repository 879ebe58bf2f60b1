/**
 * Moves a month from its table into a segment, in steps that each leave every answer the same. A month that changes
 * while it is moved cannot lose a row: first its table is sealed, and what arrives later goes into the next one.
 */
import type { Month } from '../keys.ts';
import type { RecordIndex } from '../record-index.ts';
import { buildSegment } from './build-segment.ts';
import {
  settleMs,
  tableMonth,
  type MonthLayout,
  type MonthLayouts,
  type StoredLayout,
} from './month-layout.ts';
import { readManifest, textsName } from './manifest.ts';
import { monthFolder, type SegmentFiles } from './segment-files.ts';
import { segmentOpener, sourceOf } from './segment-source.ts';
import type { RowSource } from './merged-scan.ts';

export interface CompactMonthDeps {
  readonly tables: Pick<RecordIndex, 'months' | 'scan' | 'dropMonth'>;
  readonly layouts: MonthLayouts;
  readonly files: SegmentFiles;
  readonly now: () => Date;
  /** Rows of a piece. */
  readonly pieceRows?: number | undefined;
}

export interface OldMonth {
  readonly tenantId: string;
  readonly month: Month;
  readonly layout: StoredLayout | undefined;
  /** Names of its tables that exist. */
  readonly tables: readonly Month[];
}

/** What was done: nothing, if the next step is not due. */
export type CompactionStep = 'none' | 'sealed' | 'interrupted' | 'built' | 'cleaned' | 'superseded';

/**
 * Tables and files are kept so long after a segment replaced them: longer than a next link is valid, as it may hold
 * storage's own position in a table.
 */
export const keptAfterMs = 48 * 60 * 60_000;
/** Each is read for every page, so more than these become one. */
const maxSegments = 4;
/** After the sealing: everyone writes to the next table then, and what was being written is written. */
const sealedBeforeMs = 2 * settleMs;

/** Does the next step of a month, if it is due. Safe to repeat at any point. @throws Error when storage fails */
export async function compactMonth(
  deps: CompactMonthDeps,
  old: OldMonth,
  budget: Pick<AbortSignal, 'aborted'>,
): Promise<CompactionStep> {
  const { layout } = old;
  const now = deps.now().getTime();
  if (layout === undefined) return await seal(deps, old);
  if (layout.sealed.length > 0)
    return now < layout.sealedAt.getTime() + sealedBeforeMs ? 'none' : await build(deps, old, layout, budget);
  if (layout.merged.length > 0)
    return now < (layout.publishedAt?.getTime() ?? 0) + keptAfterMs ? 'none' : await clean(deps, old, layout);
  return await seal(deps, old);
}

/** From now on, rows go into the next table. */
async function seal(
  { layouts, now }: CompactMonthDeps,
  { tenantId, month, layout, tables }: OldMonth,
): Promise<CompactionStep> {
  const generation = layout?.generation ?? 0;
  if (!tables.includes(tableMonth(month, generation))) return 'none';
  const { etag, ...rest } = layout ?? { month, merged: [], segments: [], etag: undefined };
  const next: MonthLayout = { ...rest, generation: generation + 1, sealed: [generation], sealedAt: now() };
  return (await layouts.save(tenantId, next, etag)) ? 'sealed' : 'superseded';
}

/** Publishes a segment of all rows in the sealed tables, and in the segments before if there are many. */
async function build(
  { files, layouts, now, tables, pieceRows }: CompactMonthDeps,
  { tenantId, month }: OldMonth,
  { etag, ...layout }: StoredLayout,
  budget: Pick<AbortSignal, 'aborted'>,
): Promise<CompactionStep> {
  const { sealed, segments } = layout;
  const replaced = segments.length < maxSegments ? [] : segments;
  const inTables = sealed.toReversed().map((generation): RowSource => {
    const table = tableMonth(month, generation);
    return { name: table, scan: (scan) => tables.scan(tenantId, { ...scan, month: table }) };
  });
  const open = segmentOpener(files);
  const before = replaced.toReversed().map(async (name) => sourceOf(name, await open(name)));
  const built = await buildSegment({
    files,
    sources: [...inTables, ...(await Promise.all(before))],
    folder: monthFolder(tenantId, month),
    attempt: String(layout.sealedAt.getTime()),
    maxRows: pieceRows,
    budget,
  });
  if (built === undefined) return 'interrupted';
  const kept = segments.filter((name) => !replaced.includes(name));
  const published: MonthLayout = {
    ...layout,
    segments: [...kept, built],
    publishedAt: now(),
    merged: sealed,
    sealed: [],
  };
  return (await layouts.save(tenantId, published, etag)) ? 'built' : 'superseded';
}

/** Deletes the tables whose rows are in segments, and the files that belong to none. */
async function clean(
  { files, layouts, tables }: CompactMonthDeps,
  { tenantId, month }: OldMonth,
  { etag, ...layout }: StoredLayout,
): Promise<CompactionStep> {
  const { segments, merged } = layout;
  const used = new Set(segments);
  for (const segment of segments) {
    const manifest = await readManifest(files, segment);
    if (manifest === undefined)
      throw new Error(`The manifest ${segment} does not exist: its tables are kept.`);
    for (const piece of manifest.pieces) used.add(piece.name).add(textsName(piece));
  }
  for (const generation of merged) await tables.dropMonth(tenantId, tableMonth(month, generation));
  for (const name of await files.names(monthFolder(tenantId, month)))
    if (!used.has(name)) await files.remove(name);
  return (await layouts.save(tenantId, { ...layout, merged: [] }, etag)) ? 'cleaned' : 'superseded';
}

/** Builds the segment of a month piece by piece: whatever interrupts it, the next run continues behind the last piece. */
import { randomUUID } from 'node:crypto';
import { dimensions, type Dimension } from '../keys.ts';
import type { IndexRow } from '../record-index.ts';
import { createCachedReads } from './cached-reads.ts';
import { readManifest, writeManifest, type Piece } from './manifest.ts';
import { mergedScan, type RowSource } from './merged-scan.ts';
import type { SegmentFiles } from './segment-files.ts';
import { openTimePlaces } from './time-places.ts';
import { holdsRows } from './verify-piece.ts';
import { writePiece } from './write-piece.ts';

export interface BuildOptions {
  readonly files: SegmentFiles;
  /** Where the rows are now. They must not change until the segment is built. */
  readonly sources: readonly RowSource[];
  /** Begins the names of all files. */
  readonly folder: string;
  /** Names this attempt: the same as long as the sources are. */
  readonly attempt: string;
  /** Rows of a piece. @default 250,000, which take a minute and fit into memory several times */
  readonly maxRows?: number | undefined;
  /** Checked after each piece, so that every run makes progress. */
  readonly budget: Pick<AbortSignal, 'aborted'>;
}

const defaultMaxRows = 250_000;
const rowsAPage = 1000;

/**
 * Returns the name of the manifest, or undefined if the budget ended first. Every piece was compared with its sources,
 * row by row.
 * @throws Error when storage fails, or a piece does not hold what its sources hold
 */
export async function buildSegment(options: BuildOptions): Promise<string | undefined> {
  const { files, folder, attempt, budget } = options;
  const progressName = `${folder}progress-${attempt}.json`;
  const pieces = [...((await readManifest(files, progressName))?.pieces ?? [])];
  for (const dimension of dimensions) {
    for (;;) {
      const piece = await nextPiece(options, dimension, pieces);
      if (piece === undefined) break;
      pieces.push(piece);
      await writeManifest(files, progressName, { version: 1, pieces });
      if (budget.aborted) return undefined;
    }
  }
  const name = `${folder}manifest-${randomUUID()}.json`;
  await writeManifest(files, name, { version: 1, pieces });
  return name;
}

/** Undefined if the dimension has no more rows. */
async function nextPiece(
  options: BuildOptions,
  dimension: Dimension,
  pieces: readonly Piece[],
): Promise<Piece | undefined> {
  const after = pieces.findLast((one) => one.dimension === dimension)?.last ?? '';
  if (hasLater(dimension, pieces)) return undefined;
  const { files, sources, folder, maxRows = defaultMaxRows } = options;
  const reads = createCachedReads(files);
  const places = dimension === 'time' ? undefined : await openTimePlaces(files, reads, pieces);
  const rows = () => rowsBehind(sources, dimension, after);
  const name = `${folder}${randomUUID()}`;
  const piece = await writePiece(files, name, { dimension, after, maxRows, places, rows: rows() });
  if (piece === undefined) return undefined;
  try {
    if (await holdsRows(reads, piece, rows(), places)) return piece;
    throw new Error(`The piece ${name} does not hold the rows that were written to it.`);
  } catch (error) {
    // It is in no manifest, and every run would leave another one.
    for (const each of await files.names(name)) await files.remove(each);
    throw error;
  }
}

function hasLater(dimension: Dimension, pieces: readonly Piece[]): boolean {
  const last = pieces.at(-1)?.dimension;
  return last !== undefined && dimensions.indexOf(last) > dimensions.indexOf(dimension);
}

/** Whole rows, in ascending order of key. */
async function* rowsBehind(
  sources: readonly RowSource[],
  dimension: Dimension,
  after: string,
): AsyncGenerator<IndexRow> {
  const withTexts = dimension === 'time';
  const scan = { dimension, after, before: '~', where: [], pageSize: rowsAPage, withTexts, withMatch: true };
  let token: string | undefined;
  do {
    const page = await mergedScan(sources, { ...scan, token });
    yield* page.rows;
    token = page.token;
  } while (token !== undefined);
}

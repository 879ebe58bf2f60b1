/** Writes neighboring rows of a dimension as a piece: a file of blocks, and one of their texts. */
import { inBatches } from '../../in-batches.ts';
import type { Dimension } from '../keys.ts';
import type { IndexRow } from '../record-index.ts';
import { encodeFull, encodeTexts, encodeThin, type BlockPlace, type ThinRow } from './block.ts';
import { encodeDirectory, type DirectoryEntry } from './directory.ts';
import { textsName, type Piece } from './manifest.ts';
import { digestOf, writeDigests } from './row-digests.ts';
import type { SegmentFile, SegmentFiles } from './segment-files.ts';
import type { TimePlaces } from './time-places.ts';

export interface PieceRows {
  readonly dimension: Dimension;
  /** In ascending order of key; all are greater than `after`. */
  readonly rows: AsyncIterable<IndexRow>;
  readonly after: string;
  /** Undefined for `time` itself. */
  readonly places: TimePlaces | undefined;
  /** Of a piece; what follows is left to the next one. */
  readonly maxRows: number;
}

/** Rows of a block, but for the last one of a piece. */
export const blockRows = 256;
/** A scan of a thin block reads up to so much of `time`, in one request or a few. */
const maxThinBytes = 4 * 1024 * 1024;

interface Writing {
  readonly blocks: SegmentFile;
  readonly texts: SegmentFile | undefined;
  readonly entries: DirectoryEntry[];
  /** Of the rows of `time`. */
  readonly digests: bigint[];
  bytes: number;
  textBytes: number;
  rows: number;
}

/**
 * Undefined, with nothing written, if there are no rows. The piece is complete unless `rows` has more than `maxRows`.
 * @throws Error when storage fails; the piece does not exist then
 */
export async function writePiece(
  files: SegmentFiles,
  name: string,
  piece: PieceRows,
): Promise<Piece | undefined> {
  const { dimension, after, maxRows } = piece;
  const writing = begin(files, name, dimension);
  for await (const block of inBatches(piece.rows, blockRows)) {
    await writeBlock(writing, piece, block);
    if (writing.rows >= maxRows) break;
  }
  const last = writing.entries.at(-1)?.last;
  if (last === undefined) return undefined;
  const directory = await encodeDirectory(writing.entries);
  await writing.blocks.append(directory);
  await writing.texts?.close();
  await writing.blocks.close();
  if (piece.places === undefined) await writeDigests(files, { name }, writing.digests);
  const { rows, bytes, textBytes } = writing;
  const sizes = { bytes: bytes + directory.length, directoryBytes: directory.length, textBytes };
  return { dimension, after, last, rows, name, ...sizes };
}

function begin(files: SegmentFiles, name: string, dimension: Dimension): Writing {
  const texts = dimension === 'time' ? files.create(textsName({ name })) : undefined;
  return { blocks: files.create(name), texts, entries: [], digests: [], bytes: 0, textBytes: 0, rows: 0 };
}

async function writeBlock(writing: Writing, { places }: PieceRows, rows: readonly IndexRow[]): Promise<void> {
  const thin = places && (await thinRows(rows, places));
  const block = await (thin === undefined ? encodeFull(rows) : encodeThin(thin));
  await writing.blocks.append(block);
  const texts = await writeTexts(writing.texts, rows);
  if (places === undefined) writing.digests.push(...rows.map(digestOf));
  writing.entries.push({
    last: rows.at(-1)?.rowKey ?? '',
    offset: writing.bytes,
    length: block.length,
    textOffset: writing.textBytes,
    textLength: texts,
  });
  writing.bytes += block.length;
  writing.textBytes += texts;
  writing.rows += rows.length;
}

/** @returns their bytes */
async function writeTexts(file: SegmentFile | undefined, rows: readonly IndexRow[]): Promise<number> {
  if (file === undefined) return 0;
  const texts = await encodeTexts(rows);
  await file.append(texts);
  return texts.length;
}

/** Undefined if `time` does not hold the same, or their records are too far apart there. */
async function thinRows(
  rows: readonly IndexRow[],
  places: TimePlaces,
): Promise<readonly ThinRow[] | undefined> {
  const thin: ThinRow[] = [];
  for (const row of rows) {
    const at = await places.placeOf(row);
    if (at === undefined) return undefined;
    thin.push({ rowKey: row.rowKey, at });
  }
  return spanOf(thin.map(({ at }) => at)) <= maxThinBytes ? thin : undefined;
}

/** Bytes from the first of the places to the last, in each piece. */
function spanOf(places: readonly BlockPlace[]): number {
  const spans = new Map<number, { from: number; to: number }>();
  for (const { piece, offset, length } of places) {
    const span = spans.get(piece) ?? { from: offset, to: offset };
    spans.set(piece, { from: Math.min(span.from, offset), to: Math.max(span.to, offset + length) });
  }
  return [...spans.values()].reduce((sum, { from, to }) => sum + to - from, 0);
}

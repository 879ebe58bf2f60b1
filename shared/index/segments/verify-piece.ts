/** Compares what a piece holds with what it was made of. */
import { matchColumns } from '../match-columns.ts';
import type { IndexRow } from '../record-index.ts';
import type { ThinRow } from './block.ts';
import { createBlockReader } from './block-reader.ts';
import type { CachedReads } from './cached-reads.ts';
import { createDirectories } from './directory.ts';
import type { Piece } from './manifest.ts';
import { isStoredColumn } from './match-section.ts';
import { toPlain } from './plain-bytes.ts';
import type { TimePlaces } from './time-places.ts';

/**
 * Whether the piece, as it is read from storage, has exactly these rows up to its last key.
 * @param wanted behind `after` of the piece, in ascending order of key
 * @param places undefined for a piece of `time`, which has no thin blocks
 */
export async function holdsRows(
  reads: CachedReads,
  piece: Piece,
  wanted: AsyncIterable<IndexRow>,
  places: TimePlaces | undefined,
): Promise<boolean> {
  const held = rowsOf(reads, piece);
  let count = 0;
  for await (const row of wanted) {
    if (row.rowKey > piece.last) break;
    const next = await held.next();
    if (next.done === true || !(await isSame(next.value, row, places))) return false;
    count++;
  }
  return count === piece.rows && (await held.next()).done === true;
}

async function* rowsOf(reads: CachedReads, piece: Piece): AsyncGenerator<IndexRow | ThinRow, undefined> {
  const blocks = createBlockReader(reads, []);
  for (const entry of await createDirectories(reads)(piece))
    for (const block of await blocks.read([{ piece, entry }], piece.dimension === 'time')) yield* block.rows;
  return undefined;
}

/** A thin row is the same if the row of its record in `time`, which was compared before, holds the same. */
async function isSame(
  held: IndexRow | ThinRow,
  row: IndexRow,
  places: TimePlaces | undefined,
): Promise<boolean> {
  if (held.rowKey !== row.rowKey) return false;
  if (!('at' in held)) return isSameRow(held, row);
  const place = await places?.placeOf(row);
  return place?.piece === held.at.piece && place.offset === held.at.offset && place.length === held.at.length;
}

function isSameRow(one: IndexRow, other: IndexRow): boolean {
  return (
    isSameBytes(one.summary, other.summary) &&
    isSameBytes(one.text, other.text) &&
    one.textAt?.blobName === other.textAt?.blobName &&
    one.textAt?.line === other.textAt?.line &&
    matchColumns.every((column) => !isStoredColumn(column) || one.match[column] === other.match[column])
  );
}

/** What was packed is compared: a segment holds it unpacked. */
function isSameBytes(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return Buffer.compare(toPlain(one).bytes, toPlain(other).bytes) === 0;
}

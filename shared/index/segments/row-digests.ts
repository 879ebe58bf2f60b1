/** Tells whether rows of other dimensions hold the same as the rows of their records in `time`, without reading those. */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { positionOfKey } from '../keys.ts';
import { matchColumns } from '../match-columns.ts';
import type { IndexRow } from '../record-index.ts';
import type { Piece } from './manifest.ts';
import { isStoredColumn } from './match-section.ts';
import { toPlain } from './plain-bytes.ts';
import { SegmentMissingError, type SegmentFiles } from './segment-files.ts';

const digestBytes = 8;
/** Pieces whose digests are in memory: 2 MB each. */
const keptPieces = 8;

/** The same for all rows of a record, unless an earlier release wrote some of them. */
export function digestOf({ rowKey, summary, match }: IndexRow): bigint {
  const columns = matchColumns.filter(isStoredColumn).map((column) => String(match[column] ?? ''));
  return createHash('sha256')
    .update(`${positionOfKey(rowKey)} ${columns.join(' ')} `)
    .update(toPlain(summary).bytes)
    .digest()
    .readBigUInt64LE(0);
}

/** Next to the files of the piece while its segment is built. */
export function digestsName({ name }: Pick<Piece, 'name'>): string {
  return `${name}.digests`;
}

export async function writeDigests(
  files: SegmentFiles,
  piece: Pick<Piece, 'name'>,
  digests: readonly bigint[],
): Promise<void> {
  const sorted = new BigUint64Array(digests).sort();
  const file = files.create(digestsName(piece));
  await file.append(Buffer.from(sorted.buffer, sorted.byteOffset, sorted.byteLength));
  await file.close();
}

export type HasDigest = (piece: Piece, digest: bigint) => Promise<boolean>;

/** Whether a piece of `time` has a row with the digest. */
export function openDigests(files: Pick<SegmentFiles, 'read'>): HasDigest {
  const kept = new LRUCache<string, BigUint64Array>({ max: keptPieces });
  return async (piece, digest) => {
    const known = kept.get(piece.name) ?? (await readDigests(files, piece));
    kept.set(piece.name, known);
    return contains(known, digest);
  };
}

async function readDigests(files: Pick<SegmentFiles, 'read'>, piece: Piece): Promise<BigUint64Array> {
  const name = digestsName(piece);
  const bytes = await files.read(name, 0, piece.rows * digestBytes);
  if (bytes === undefined) throw new SegmentMissingError(`The file ${name} does not exist.`);
  return BigUint64Array.from({ length: Math.floor(bytes.length / digestBytes) }, (_, at) =>
    bytes.readBigUInt64LE(at * digestBytes),
  );
}

function contains(sorted: BigUint64Array, digest: bigint): boolean {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0n) < digest) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === digest;
}

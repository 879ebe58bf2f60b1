/** Where in `time` the rows of records are, for thin blocks of the other dimensions. */
import { positionOfKey } from '../keys.ts';
import type { IndexRow } from '../record-index.ts';
import type { BlockPlace } from './block.ts';
import type { CachedReads } from './cached-reads.ts';
import { createDirectories, firstWithLast } from './directory.ts';
import type { Piece } from './manifest.ts';
import { digestOf, openDigests } from './row-digests.ts';
import type { SegmentFiles } from './segment-files.ts';

export interface TimePlaces {
  /** The block with the row of the same record in `time`; undefined if that row differs, or does not exist. */
  placeOf(row: IndexRow): Promise<BlockPlace | undefined>;
}

/** @param pieces of the segment so far; those of `time` are complete */
export async function openTimePlaces(
  files: SegmentFiles,
  reads: CachedReads,
  pieces: readonly Piece[],
): Promise<TimePlaces> {
  const directories = createDirectories(reads);
  const hasDigest = openDigests(files);
  const places: (BlockPlace & { readonly last: string })[] = [];
  for (const [at, piece] of pieces.entries()) {
    if (piece.dimension !== 'time') continue;
    for (const { last, offset, length } of await directories(piece))
      places.push({ last, piece: at, offset, length });
  }
  return {
    async placeOf(row) {
      const place = places[firstWithLast(places, positionOfKey(row.rowKey))];
      const piece = place && pieces[place.piece];
      if (place === undefined || piece === undefined) return undefined;
      return (await hasDigest(piece, digestOf(row))) ? place : undefined;
    },
  };
}

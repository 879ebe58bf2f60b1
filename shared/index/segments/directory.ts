/** The directory of a piece: where each of its blocks is, at the end of its file. */
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import * as z from 'zod';
import type { CachedReads } from './cached-reads.ts';
import type { Piece } from './manifest.ts';

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

const entrySchema = z.tuple([z.string(), z.number(), z.number(), z.number(), z.number()]);
const entriesSchema = z.array(entrySchema);

export interface DirectoryEntry {
  /** Key of the last row. */
  readonly last: string;
  readonly offset: number;
  readonly length: number;
  /** In the file of texts; of length 0 in other dimensions than `time`. */
  readonly textOffset: number;
  readonly textLength: number;
}

export async function encodeDirectory(entries: readonly DirectoryEntry[]): Promise<Buffer> {
  const tuples = entries.map(({ last, offset, length, textOffset, textLength }) => [
    ...[last, offset, length],
    ...[textOffset, textLength],
  ]);
  return await compress(Buffer.from(JSON.stringify(tuples)));
}

/** @throws Error when the bytes are not a directory */
export async function decodeDirectory(bytes: Buffer): Promise<readonly DirectoryEntry[]> {
  const tuples = entriesSchema.parse(JSON.parse((await decompress(bytes)).toString('utf8')));
  return tuples.map(([last, offset, length, textOffset, textLength]): DirectoryEntry => {
    return { last, offset, length, textOffset, textLength };
  });
}

/** The position of the first entry whose last key is not less than a key; the number of entries if there is none. */
export function firstWithLast(entries: readonly { readonly last: string }[], key: string): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.last ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Reads the directory of a piece. */
export type Directories = (piece: Piece) => Promise<readonly DirectoryEntry[]>;

/** Of a thousand entries each. */
const keptDirectories = 64;

/** Keeps the directories that were read last. Who asks for one while it is read shares the request. */
export function createDirectories(reads: CachedReads): Directories {
  const kept = new LRUCache<string, readonly DirectoryEntry[], Piece>({
    max: keptDirectories,
    ignoreFetchAbort: true,
    fetchMethod: async (_name, _stale, { context }) => await readDirectory(reads, context),
  });
  return async (piece) => await kept.forceFetch(piece.name, { context: piece });
}

async function readDirectory(
  reads: CachedReads,
  { name, bytes, directoryBytes: length }: Piece,
): Promise<readonly DirectoryEntry[]> {
  const [encoded = Buffer.alloc(0)] = await reads.readAll([{ name, offset: bytes - length, length }]);
  return await decodeDirectory(encoded);
}

/** Reads ranges of files in few requests, and keeps what was read last: files never change. */
import { LRUCache } from 'lru-cache';
import { SegmentMissingError, type SegmentFiles } from './segment-files.ts';

export interface FileRange {
  readonly name: string;
  readonly offset: number;
  readonly length: number;
}

export interface CachedReads {
  /**
   * The bytes of all ranges, in order. What is close together is read with one request.
   * @throws SegmentMissingError when a file does not exist
   * @throws Error when one ends too early
   */
  readAll(ranges: readonly FileRange[]): Promise<readonly Buffer[]>;
}

/** Unit of reading and keeping. */
const chunkBytes = 256 * 1024;
/** Of all tenants; more would not fit into an instance of 512 MB together with queries. */
const keptBytes = 24 * 1024 * 1024;
/** Chunks that are read without being needed cost less than another request. */
const maxGap = 4;

interface Run {
  readonly name: string;
  readonly first: number;
  last: number;
}

export function createCachedReads(files: Pick<SegmentFiles, 'read'>): CachedReads {
  const chunks = new LRUCache<string, Buffer>({
    maxSize: keptBytes,
    sizeCalculation: ({ length }) => Math.max(1, length),
  });
  const keyOf = (name: string, chunk: number) => `${chunk} ${name}`;

  async function load({ name, first, last }: Run, into: Map<string, Buffer>): Promise<void> {
    const bytes = await files.read(name, first * chunkBytes, (last - first + 1) * chunkBytes);
    if (bytes === undefined) throw new SegmentMissingError(`The file ${name} does not exist.`);
    for (let chunk = first; chunk <= last; chunk++) {
      const start = (chunk - first) * chunkBytes;
      // A copy: a slice would keep everything that was read with it.
      const one = Buffer.from(bytes.subarray(start, start + chunkBytes));
      into.set(keyOf(name, chunk), one);
      chunks.set(keyOf(name, chunk), one);
    }
  }

  return {
    async readAll(ranges) {
      const wanted = ranges.flatMap((range) => chunksOf(range).map((chunk) => ({ name: range.name, chunk })));
      const held = new Map<string, Buffer>();
      for (const { name, chunk } of wanted) {
        const one = chunks.get(keyOf(name, chunk));
        if (one !== undefined) held.set(keyOf(name, chunk), one);
      }
      const missing = wanted.filter(({ name, chunk }) => !held.has(keyOf(name, chunk)));
      await Promise.all(runsOf(missing).map((run) => load(run, held)));
      return ranges.map((range) => slice(range, (chunk) => held.get(keyOf(range.name, chunk))));
    },
  };
}

function chunksOf({ offset, length }: FileRange): readonly number[] {
  const first = Math.floor(offset / chunkBytes);
  const count = length === 0 ? 0 : Math.floor((offset + length - 1) / chunkBytes) - first + 1;
  return Array.from({ length: count }, (_, at) => first + at);
}

function runsOf(missing: readonly { readonly name: string; readonly chunk: number }[]): readonly Run[] {
  const runs: Run[] = [];
  const sorted = [...missing].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : a.chunk - b.chunk,
  );
  for (const { name, chunk } of sorted) {
    const run = runs.at(-1);
    if (run?.name === name && chunk - run.last <= maxGap) run.last = Math.max(run.last, chunk);
    else runs.push({ name, first: chunk, last: chunk });
  }
  return runs;
}

function slice(range: FileRange, chunkAt: (chunk: number) => Buffer | undefined): Buffer {
  const bytes = Buffer.concat(chunksOf(range).map((chunk) => chunkAt(chunk) ?? Buffer.alloc(0)));
  const start = range.offset % chunkBytes;
  const part = bytes.subarray(start, start + range.length);
  if (part.length < range.length)
    throw new Error(`The file ${range.name} of a compacted month ends too early.`);
  return part;
}

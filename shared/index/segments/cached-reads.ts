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

interface Chunk {
  readonly name: string;
  readonly chunk: number;
}

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
  /** What is being read now: who needs the same shares it. */
  const arriving = new Map<string, Promise<Buffer>>();

  async function read({ name, first, last }: Run): Promise<Buffer> {
    const bytes = await files.read(name, first * chunkBytes, (last - first + 1) * chunkBytes);
    if (bytes === undefined) throw new SegmentMissingError(`The file ${name} does not exist.`);
    return bytes;
  }

  async function keep(key: string, whole: Promise<Buffer>, start: number): Promise<Buffer> {
    try {
      // A copy: a slice would keep everything that was read with it.
      const one = Buffer.from((await whole).subarray(start, start + chunkBytes));
      chunks.set(key, one);
      return one;
    } finally {
      arriving.delete(key);
    }
  }

  function load(run: Run): void {
    const whole = read(run);
    for (let chunk = run.first; chunk <= run.last; chunk++) {
      const key = keyOf({ name: run.name, chunk });
      const kept = keep(key, whole, (chunk - run.first) * chunkBytes);
      // What is read only because it is between others may fail unnoticed.
      kept.catch(() => undefined);
      if (!arriving.has(key)) arriving.set(key, kept);
    }
  }

  const find = (key: string) => chunks.get(key) ?? arriving.get(key);

  return {
    async readAll(ranges) {
      const wanted = ranges.flatMap(chunksOf);
      const held = new Map(wanted.map((chunk) => [keyOf(chunk), find(keyOf(chunk))]));
      const missing = wanted.filter((chunk) => held.get(keyOf(chunk)) === undefined);
      runsOf(missing).forEach(load);
      for (const key of missing.map(keyOf)) held.set(key, find(key));
      const read = new Map(await Promise.all([...held].map(async ([key, one]) => [key, await one] as const)));
      return ranges.map((range) => slice(range, (chunk) => read.get(keyOf(chunk))));
    },
  };
}

const keyOf = ({ name, chunk }: Chunk): string => `${chunk} ${name}`;

function chunksOf({ name, offset, length }: FileRange): readonly Chunk[] {
  const first = Math.floor(offset / chunkBytes);
  const count = length === 0 ? 0 : Math.floor((offset + length - 1) / chunkBytes) - first + 1;
  return Array.from({ length: count }, (_, at) => ({ name, chunk: first + at }));
}

function runsOf(missing: readonly Chunk[]): readonly Run[] {
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

function slice(range: FileRange, bytesOf: (chunk: Chunk) => Buffer | undefined): Buffer {
  const bytes = Buffer.concat(chunksOf(range).map((chunk) => bytesOf(chunk) ?? Buffer.alloc(0)));
  const start = range.offset % chunkBytes;
  const part = bytes.subarray(start, start + range.length);
  if (part.length < range.length)
    throw new Error(`The file ${range.name} of a compacted month ends too early.`);
  return part;
}

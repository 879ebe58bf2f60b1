/** Lines of raw blobs, wherever storage splits its chunks. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxLineBytes, readLines, type RawLine } from '../../../shared/index/read-lines.ts';

/** The bytes in chunks that end at the cuts, and never hold more than half a megabyte. */
async function* chunksOf(bytes: Buffer, cuts: readonly number[] = []): AsyncGenerator<Buffer> {
  const ends = cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b);
  let start = 0;
  for (const end of [...ends, bytes.length]) {
    for (; start < end; start = Math.min(end, start + 500_000)) {
      yield await Promise.resolve(bytes.subarray(start, Math.min(end, start + 500_000)));
    }
  }
}

async function linesOf(gzipped: Buffer, cuts: readonly number[] = []): Promise<readonly RawLine[]> {
  const lines: RawLine[] = [];
  for await (const line of readLines(chunksOf(gzipped, cuts))) lines.push(line);
  return lines;
}

/** A file that hardly compresses. */
function noise(): Buffer {
  const digests = Array.from({ length: 200 }, (_, at) => createHash('sha256').update(String(at)).digest());
  return gzipSync(Buffer.concat(digests));
}

const anyLine = fc
  .uint8Array({ minLength: 1, maxLength: 200 })
  .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 0x0a ? 0x20 : byte))));
const anyCuts = fc.array(fc.nat(), { maxLength: 8 });

describe('reading the lines of a raw blob', () => {
  it('returns every line with its exact bytes and number, wherever chunks are split', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyLine), anyCuts, fc.boolean(), async (wanted, cuts, closed) => {
        const end = closed && wanted.length > 0 ? '\n' : '';
        const text = Buffer.concat(
          wanted.flatMap((line, at) => (at === 0 ? [line] : [Buffer.from('\n'), line])),
        );
        const read = await linesOf(gzipSync(Buffer.concat([text, Buffer.from(end)])), cuts);
        expect(read.map(({ bytes }) => bytes.toString('hex'))).toEqual(
          wanted.map((line) => line.toString('hex')),
        );
        expect(read.map(({ line }) => line)).toEqual(wanted.map((_, at) => at));
        expect(read.some(({ truncated }) => truncated)).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it('counts an empty line', async () => {
    const read = await linesOf(gzipSync('a\n\nb\n'));
    expect(read.map(({ line, bytes }) => [line, bytes.toString()])).toEqual([
      [0, 'a'],
      [1, ''],
      [2, 'b'],
    ]);
  });

  it('reads several gzip members in a row as one', async () => {
    const read = await linesOf(Buffer.concat([gzipSync('a\nb'), gzipSync('c\n')]));
    expect(read.map(({ bytes }) => bytes.toString())).toEqual(['a', 'bc']);
  });

  it.each([1, 10, 100])('fails when the file ends %i bytes early', async (missing) => {
    const file = noise();
    await expect(linesOf(file.subarray(0, -missing))).rejects.toThrow();
  });

  it('fails when the file is damaged in the middle', async () => {
    const file = noise();
    file.fill(0xff, 1000, 1100);
    await expect(linesOf(file)).rejects.toThrow();
  });

  it.each([
    ['nothing', ''],
    ['no gzip', '{"Id":1}\n'],
  ])('fails when the file is %s', async (_, content) => {
    await expect(linesOf(Buffer.from(content))).rejects.toThrow();
  });

  it('passes on errors of the transfer', async () => {
    const file = gzipSync('a\nb\n');
    async function* breaking(): AsyncGenerator<Buffer> {
      yield await Promise.resolve(file.subarray(0, 12));
      throw new Error('the connection broke');
    }
    const reading = (async () => {
      for await (const line of readLines(breaking())) expect(line).toBeDefined();
    })();
    await expect(reading).rejects.toThrow('the connection broke');
  });

  it('closes the file when no more lines are needed', async () => {
    let closed = false;
    async function* watched(): AsyncGenerator<Buffer> {
      try {
        yield* chunksOf(gzipSync('a\n'.repeat(1_000_000)), [20, 40, 60]);
      } finally {
        closed = true;
      }
    }
    for await (const { bytes } of readLines(watched())) {
      expect(bytes.toString()).toBe('a');
      break;
    }
    await expect.poll(() => closed).toBe(true);
  });

  describe('reading a line that is too long to hold', () => {
    const long = Buffer.alloc(maxLineBytes + 3_000_000, 'long ');
    const file = gzipSync(Buffer.concat([Buffer.from('first\n'), long, Buffer.from('\nlast\n')]), {
      level: 1,
    });

    it('marks it, holds its beginning only and continues after it', async () => {
      const read = await linesOf(file);
      expect(read.map(({ truncated }) => truncated)).toEqual([false, true, false]);
      const [, cut, last] = read;
      expect(last?.bytes.toString()).toBe('last');
      expect(cut?.bytes.length).toBeLessThan(maxLineBytes + 1_000_000);
      expect(cut?.bytes.equals(long.subarray(0, cut.bytes.length))).toBe(true);
    });

    it('holds the same beginning wherever chunks are split, so that its id is the same', async () => {
      const everyFewBytes = Array.from({ length: file.length / 50 }, (_, at) => at * 50);
      const [one, other] = [await linesOf(file), await linesOf(file, everyFewBytes)];
      expect(other[1]?.bytes.length).toBe(one[1]?.bytes.length);
    });
  });
});

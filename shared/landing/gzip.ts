/** Compresses text as it arrives, and decompresses it, off the main thread. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { pipeline, Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';

export interface GzipSink {
  /** Resolves when more may be written. */
  write(chunk: Buffer): Promise<void>;
  /** The whole gzip file, and the SHA-256 of its text, hex. Call once. */
  finish(): Promise<{ readonly body: Buffer; readonly textSha256: string }>;
  /** Bytes written so far, uncompressed. */
  readonly textBytes: number;
}

/** The fastest level: 4 % larger than the next, but landing is CPU-bound (test/bench). */
const level = 1;
/** Each hand-over to the compressing thread costs as much as compressing 20 KB, so text is handed over in blocks. */
const blockBytes = 512 * 1024;

/** A sink that holds a megabyte of text at most, and compressed bytes, about a tenth of what is written. */
export function createGzipSink(): GzipSink {
  const gzip = createGzip({ level, chunkSize: 128 * 1024 });
  const hash = createHash('sha256');
  const compressed: Buffer[] = [];
  let block: Buffer[] = [];
  let waiting = 0;
  let textBytes = 0;
  gzip.on('data', (chunk: Buffer) => compressed.push(chunk));
  // One block is being compressed while the next one fills.
  let compressing: Promise<unknown> = Promise.resolve();
  const handOver = async () => {
    const whole = Buffer.concat(block);
    block = [];
    waiting = 0;
    await compressing;
    if (!gzip.write(whole)) compressing = once(gzip, 'drain');
  };
  return {
    async write(chunk) {
      hash.update(chunk);
      textBytes += chunk.length;
      waiting += chunk.length;
      block.push(chunk);
      if (waiting >= blockBytes) await handOver();
    },
    async finish() {
      if (waiting > 0) await handOver();
      await compressing;
      const ended = once(gzip, 'end');
      gzip.end();
      await ended;
      return { body: Buffer.concat(compressed), textSha256: hash.digest('hex') };
    },
    get textBytes() {
      return textBytes;
    },
  };
}

/** What a gzip file holds, in bounded memory. @throws Error when the file is damaged or ends early; what the source throws */
export async function* gunzip(gzipped: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const inflated = createGunzip({ chunkSize: 256 * 1024 });
  // Errors reach the loop below, and a loop that ends early closes the source.
  pipeline(Readable.from(gzipped), inflated, () => undefined);
  for await (const chunk of inflated) yield chunk as Buffer;
}

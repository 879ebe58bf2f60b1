/** Compresses text as it arrives, off the main thread. */
import { once } from 'node:events';
import { createGzip } from 'node:zlib';

export interface GzipSink {
  /** Resolves when more may be written. */
  write(chunk: Buffer): Promise<void>;
  /** The whole gzip file. Call once. */
  finish(): Promise<Buffer>;
  /** Bytes written so far, uncompressed. */
  readonly textBytes: number;
}

/** Level 3 is as fast as 1 on audit records and 5 % smaller; 6 takes twice the time (test/bench). */
const level = 3;

/** A sink that holds only compressed bytes, about a tenth of what is written. */
export function createGzipSink(): GzipSink {
  const gzip = createGzip({ level, chunkSize: 65_536 });
  const chunks: Buffer[] = [];
  let textBytes = 0;
  gzip.on('data', (chunk: Buffer) => chunks.push(chunk));
  return {
    async write(chunk) {
      textBytes += chunk.length;
      if (!gzip.write(chunk)) await once(gzip, 'drain');
    },
    async finish() {
      const ended = once(gzip, 'end');
      gzip.end();
      await ended;
      return Buffer.concat(chunks);
    },
    get textBytes() {
      return textBytes;
    },
  };
}

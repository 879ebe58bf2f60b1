/**
 * Reads the body of a request to its end, even one that is refused. The Functions host sends requests through
 * connections that it uses again: a body that is read in part and then dropped takes its connection with it, and the
 * host waits for that connection until it kills the worker. So what exceeds the limit is read on and not kept.
 */
import { RequestError } from '../errors.ts';

/** What is read of a body, and for how long. */
export interface BodyLimits {
  /** A longer body is refused. */
  readonly keptBytes: number;
  /** Reading ends here, whether or not the body does. */
  readonly readBytes: number;
  /** And after this time, in milliseconds. */
  readonly readMs: number;
}

/** The body of an operation. The host itself refuses bodies beyond 100 MiB, and those slower than 240 bytes a second. */
export const bodyLimits: BodyLimits = {
  keptBytes: 64 * 1024,
  readBytes: 100 * 1024 * 1024,
  readMs: 60_000,
};

/** Closes the connection after the answer: for bodies whose end was not reached. The host sends none of it on. */
const closing = { Connection: 'close' };

/**
 * The bytes of a body. Memory is bounded by `keptBytes` and one chunk.
 * @throws RequestError 413 for a longer body, 408 for a slow one, 400 for one that breaks off
 */
export async function readWholeBody(body: AsyncIterable<Uint8Array>, limits: BodyLimits): Promise<Buffer> {
  const reading: Reading = { chunks: body[Symbol.asyncIterator](), limits, bytes: 0, isOver: false };
  const end = timer(limits.readMs);
  try {
    // One race in all: one for every chunk would stay in memory until the time is up.
    return await Promise.race([readChunks(reading), end.reached.then(() => refuseSlow(reading))]);
  } finally {
    reading.isOver = true;
    end.cancel();
  }
}

interface Reading {
  readonly chunks: AsyncIterator<Uint8Array>;
  readonly limits: BodyLimits;
  /** Read so far. */
  bytes: number;
  /** What still arrives is no longer wanted. */
  isOver: boolean;
}

/** Without `for await`, which would close the body, and with it the connection, when reading ends early. */
async function readChunks(reading: Reading): Promise<Buffer> {
  const { chunks, limits } = reading;
  const { keptBytes, readBytes } = limits;
  const kept: Uint8Array[] = [];
  while (!reading.isOver) {
    const next = await chunks.next().catch(brokenOff);
    if (next.done === true && reading.bytes > keptBytes) throw tooLarge(keptBytes);
    if (next.done === true) break;
    reading.bytes += next.value.length;
    if (reading.bytes > readBytes) throw tooLarge(keptBytes, closing);
    if (reading.bytes <= keptBytes) kept.push(next.value);
  }
  return Buffer.concat(kept);
}

function refuseSlow({ bytes, limits: { keptBytes } }: Reading): never {
  throw bytes > keptBytes ? tooLarge(keptBytes, closing) : tooSlow();
}

/** The caller has gone, and reads no answer: this is not a failure of the app. */
function brokenOff(cause: unknown): never {
  const message = 'The connection ended before the whole body arrived. Send the request again.';
  throw new RequestError(400, 'IncompleteBody', message, { cause });
}

export function tooLarge(keptBytes: number, headers: Readonly<Record<string, string>> = {}): RequestError {
  const message = `The body may have ${keptBytes} bytes at most. Send less in one request.`;
  return new RequestError(413, 'BodyTooLarge', message, { headers });
}

function tooSlow(): RequestError {
  const message = 'The body did not arrive in time. Send it at once.';
  return new RequestError(408, 'RequestTimeout', message, { headers: closing });
}

function timer(ms: number) {
  let timeout: NodeJS.Timeout | undefined;
  const reached = new Promise<void>((resolve) => {
    timeout = setTimeout(resolve, ms);
  });
  return {
    reached,
    cancel: () => {
      clearTimeout(timeout);
    },
  };
}

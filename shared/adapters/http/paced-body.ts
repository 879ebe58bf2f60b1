/** Backpressure and limits for streamed answers. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { PacedBody } from '../../http/paced-body.ts';
import { trackAnswers, type WorkerAnswers } from './worker-answers.ts';

/** How long a streamed answer may take, in milliseconds. */
export interface StreamLimits {
  /** Until the next chunk; an empty one counts. */
  readonly chunkMs: number;
  /** In all. The host ends the whole worker when an invocation exceeds `functionTimeout` of host.json. */
  readonly totalMs: number;
}

export const streamLimits: StreamLimits = { chunkMs: 50_000, totalMs: 9 * 60_000 };

/** A streamed answer was cut off because nothing more came, or because its reader took too long. */
export class StreamTimeoutError extends Error {
  override readonly name = 'StreamTimeoutError';
}

export function createPacedBody(
  answers: WorkerAnswers = trackAnswers(),
  limits: StreamLimits = streamLimits,
): PacedBody {
  return (invocationId, chunks) => paced(answers(invocationId), chunks, limits);
}

async function* paced(
  answer: ServerResponse | undefined,
  chunks: AsyncIterable<Uint8Array>,
  limits: StreamLimits,
): AsyncGenerator<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]();
  const endsAt = performance.now() + limits.totalMs;
  const remainingMs = () => endsAt - performance.now();
  try {
    for (;;) {
      const next = await unlessLeft(answer, () => source.next(), Math.min(limits.chunkMs, remainingMs()));
      if (next === readerLeft || next.done === true) return;
      if (next.value.length === 0) continue;
      yield next.value;
      if ((await unlessLeft(answer, () => drained(answer), remainingMs())) === readerLeft) return;
    }
  } catch (error) {
    answer?.destroy();
    throw error;
  } finally {
    // Not awaited: a source that hangs would hang here, too.
    void source.return?.().catch(() => undefined);
  }
}

const readerLeft = Symbol('readerLeft');

/**
 * Begins no work for a reader who has left.
 * @throws StreamTimeoutError when the work is not done in time; what `work` throws
 */
async function unlessLeft<T>(
  answer: ServerResponse | undefined,
  work: () => Promise<T>,
  ms: number,
): Promise<T | typeof readerLeft> {
  if (answer?.destroyed === true) return readerLeft;
  const ended = new AbortController();
  const { signal } = ended;
  const left: Promise<typeof readerLeft> | undefined =
    answer && once(answer, 'close', { signal }).then(() => readerLeft);
  const timeout = rejectAfter(ms, signal);
  try {
    return await Promise.race([work(), timeout, ...(left === undefined ? [] : [left])]);
  } finally {
    ended.abort();
  }
}

function rejectAfter(ms: number, signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setTimeout(
      () => {
        reject(new StreamTimeoutError('A streamed answer made no progress, or did not end in time.'));
      },
      Math.max(0, ms),
    );
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
    });
  });
}

async function drained(answer: ServerResponse | undefined): Promise<void> {
  if (answer?.writableNeedDrain === true) await once(answer, 'drain');
}

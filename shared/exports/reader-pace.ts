/**
 * Streamed answers at their reader's pace. @azure/functions writes all that a body gives without waiting, so a slow
 * reader's file would gather in memory, and it never closes an answer whose body fails.
 * @see https://github.com/Azure/azure-functions-nodejs-library/issues/294
 */
import { subscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';

export interface ReaderPaces {
  /** A body for the answer to this invocation; one that fails cuts the connection, so that nobody takes it as whole. */
  paced(invocationId: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array>;
}

/** Published by node:http for every request that a server of this process receives. */
const channel = 'http.server.request.start';
/** The host marks the requests that it passes on; the library answers them by it. */
const invocationHeader = 'x-ms-invocation-id';

const messageSchema = z.object({
  request: z.instanceof(IncomingMessage),
  response: z.instanceof(ServerResponse),
});

/** One for the process: it sees all answers from now on. */
export function createReaderPaces(): ReaderPaces {
  const answers = new Map<string, ServerResponse>();
  subscribe(channel, (message) => {
    const { request, response } = messageSchema.parse(message);
    const invocationId = request.headers[invocationHeader];
    if (typeof invocationId !== 'string') return;
    answers.set(invocationId, response);
    response.once('close', () => answers.delete(invocationId));
  });
  return {
    async *paced(invocationId, chunks) {
      const answer = answers.get(invocationId);
      try {
        for await (const chunk of chunks) {
          yield chunk;
          if (answer !== undefined && !(await drained(answer))) return;
        }
      } catch (error) {
        answer?.destroy();
        throw error;
      }
    },
  };
}

/** False when the reader has gone. */
async function drained(answer: ServerResponse): Promise<boolean> {
  if (answer.destroyed) return false;
  if (!answer.writableNeedDrain) return true;
  const ended = new AbortController();
  const { signal } = ended;
  try {
    await Promise.race([once(answer, 'drain', { signal }), once(answer, 'close', { signal })]);
  } finally {
    ended.abort();
  }
  return !answer.destroyed;
}

/**
 * Backpressure for streamed answers. @azure/functions writes everything that a body yields without waiting, so the file
 * of a slow reader would pile up in memory, and it never closes an answer whose body fails.
 * @see https://github.com/Azure/azure-functions-nodejs-library/issues/294
 */
import { subscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import type { PacedBody } from '../../http/paced-body.ts';

/** Published by node:http for every request that a server of this process receives. */
const channel = 'http.server.request.start';
/** The host sets it on the requests that it forwards; the library finds the invocation by it. */
const invocationHeader = 'x-ms-invocation-id';

const messageSchema = z.object({
  request: z.instanceof(IncomingMessage),
  response: z.instanceof(ServerResponse),
});

/** One per process: it tracks all answers from now on. */
export function createPacedBody(): PacedBody {
  const answers = new Map<string, ServerResponse>();
  subscribe(channel, (message) => {
    const { request, response } = messageSchema.parse(message);
    const invocationId = request.headers[invocationHeader];
    if (typeof invocationId !== 'string') return;
    answers.set(invocationId, response);
    response.once('close', () => answers.delete(invocationId));
  });
  return (invocationId, chunks) => paced(answers.get(invocationId), chunks);
}

async function* paced(
  answer: ServerResponse | undefined,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of chunks) {
      yield chunk;
      if (answer !== undefined && !(await drained(answer))) return;
    }
  } catch (error) {
    answer?.destroy();
    throw error;
  }
}

/** False when the reader has disconnected. */
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

/**
 * The answers that @azure/functions is sending, by invocation. The library has no way to reach the connection of an
 * answer: it writes a body without waiting for its reader, never closes an answer whose body fails, and drops the
 * header `Connection`.
 * @see https://github.com/Azure/azure-functions-nodejs-library/issues/294
 */
import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import type { HttpHandler } from '../../http/request.ts';

/** Published by node:http for every request that a server of this process receives. */
const channel = 'http.server.request.start';
/** The host sets it on the requests that it forwards; the library finds the invocation by it. */
const invocationHeader = 'x-ms-invocation-id';

const messageSchema = z.object({
  request: z.instanceof(IncomingMessage),
  response: z.instanceof(ServerResponse),
});

/** Undefined for an invocation whose connection is closed, or that came another way. */
export type WorkerAnswers = (invocationId: string) => ServerResponse | undefined;

/** One per process: it tracks all answers from now on. */
export function trackAnswers(): WorkerAnswers {
  const answers = new Map<string, ServerResponse>();
  subscribe(channel, (message) => {
    const { request, response } = messageSchema.parse(message);
    const invocationId = request.headers[invocationHeader];
    if (typeof invocationId !== 'string') return;
    answers.set(invocationId, response);
    response.once('close', () => answers.delete(invocationId));
  });
  return (invocationId) => answers.get(invocationId);
}

/** Makes `Connection: close` in an answer effective: nothing that arrives after it is read. */
export function closingOnRequest(answers: WorkerAnswers, handle: HttpHandler): HttpHandler {
  return async (request, invocation) => {
    const answer = await handle(request, invocation);
    const connection = answers(invocation.invocationId);
    if (answer.headers?.['connection'] === 'close' && connection !== undefined)
      connection.shouldKeepAlive = false;
    return answer;
  };
}

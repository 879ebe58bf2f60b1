/** Runs an HTTP function for a request and writes its response, buffered or streamed, depending on the app. */
import { randomUUID } from 'node:crypto';
import { type IncomingMessage, request as sendRequest, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import type { HttpFunction } from './function-app.ts';
import type { Invocations } from './invocations.ts';
import type { RouteParams } from './routes.ts';

export interface HttpCall {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: HttpFunction;
  readonly params: RouteParams;
}

/** Response headers that only concern the connection between host and library. */
const ownHeaders: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'x-ms-invocation-id']);

/** The library's response when the app does not stream. */
const answerSchema = z.object({
  returnValue: z
    .object({
      http: z.object({
        statusCode: z.coerce.number().int(),
        headers: z.record(z.string(), z.string()),
        body: z.object({ bytes: z.instanceof(Uint8Array) }),
      }),
    })
    .nullish(),
});

/** Rejects when the handler throws; the caller decides what that means for the response. */
export async function answerBuffered(invocations: Invocations, call: HttpCall): Promise<void> {
  const { request, response, target, params } = call;
  const body = await buffer(request);
  const answer = await invocations.run(target, {
    input: {
      http: {
        method: request.method ?? 'GET',
        url: requestUrl(request).href,
        nullableHeaders: mapValues(plainHeaders(request), (value) => ({ value })),
        nullableParams: mapValues(params, (value) => ({ value })),
        ...(body.length > 0 ? { body: { bytes: body } } : {}),
      },
    },
  });
  const http = answerSchema.parse(answer).returnValue?.http;
  if (http === undefined) {
    response.writeHead(204).end();
    return;
  }
  response.writeHead(http.statusCode, http.headers).end(http.body.bytes);
}

/**
 * With streaming, the library runs its own HTTP server: the request is forwarded there, marked with the invocation,
 * and the response comes from there.
 */
export async function answerStreamed(
  invocations: Invocations,
  streamUrl: string,
  call: HttpCall,
): Promise<void> {
  const invocationId = randomUUID();
  const { url } = call.request;
  const proxied = sendRequest(new URL(url ?? '/', streamUrl), {
    method: call.request.method,
    headers: {
      ...call.request.headers,
      'x-ms-invocation-id': invocationId,
      'x-forwarded-host': call.request.headers.host ?? 'localhost',
      'x-forwarded-proto': 'http',
    },
  });
  const finished = relay(call, proxied);
  const run = invocations.run(call.target, {
    invocationId,
    input: { bytes: new Uint8Array() },
    triggerMetadata: {
      ...mapValues(call.params, (value) => ({ string: value })),
      Headers: { json: JSON.stringify(plainHeaders(call.request)) },
    },
  });
  run.catch((error: unknown) => proxied.destroy(error instanceof Error ? error : new Error(String(error))));
  await Promise.all([run, finished]);
}

async function relay(
  { request, response }: HttpCall,
  proxied: ReturnType<typeof sendRequest>,
): Promise<void> {
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    // There may be a second error, when the app closes the connection after its answer.
    proxied.once('response', resolve).on('error', reject);
  });
  // As in the real host, an answer may come before the whole body was sent; the rest of it is read and dropped.
  response.once('close', () => {
    request.unpipe(proxied).resume();
    proxied.destroy();
  });
  request.pipe(proxied);
  const answer = await answered;
  const headers = Object.entries(answer.headers).filter(([name]) => !ownHeaders.has(name));
  response.writeHead(answer.statusCode ?? 500, Object.fromEntries(headers));
  await pipeline(answer, response);
}

export function requestUrl(request: IncomingMessage): URL {
  return new URL(request.url ?? '/', `http://${request.headers.host ?? 'localhost'}`);
}

function plainHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
  );
}

function mapValues<From, To>(
  source: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(source).map(([key, value]) => [key, map(value)]));
}

/** Requests and replies as seen by the simulator's routes. */

import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Call } from './calls.ts';

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Bytes to send, or a function that produces them piece by piece. */
export type ReplyBody = Buffer | (() => Iterable<Buffer>);

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ReplyBody;
}

export interface Route {
  readonly call: Call;
  answer(): Reply | Promise<Reply>;
  /** Called when the request is finished, regardless of the outcome. */
  readonly close?: (() => void) | undefined;
}

/** Returns the route for a request, or undefined if the request belongs to another router. */
export type Router = (request: HttpRequest) => Route | undefined;

/** How the body is sent; a truncated body that ends cleanly looks complete to HTTP. */
export type Delivery =
  | { readonly kind: 'whole' }
  | { readonly kind: 'truncated'; readonly cleanEnd: boolean }
  | { readonly kind: 'slow'; readonly durationMs: number };

const slowSteps = 10;

export const jsonReply = (
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Reply => ({
  status,
  headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
  body: Buffer.from(JSON.stringify(value)),
});

export const readRequest = async (request: IncomingMessage, baseUrl: string): Promise<HttpRequest> => ({
  method: request.method ?? 'GET',
  url: new URL(request.url ?? '/', baseUrl),
  headers: request.headers,
  body: request.method === 'GET' ? Buffer.alloc(0) : await buffer(request),
});

/** Query parameters by lowercase name, because the services ignore the case of names. */
export const queryOf = (url: URL): ReadonlyMap<string, string> =>
  new Map([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value]));

/** Sends the reply; ends early without an error if `signal` is aborted or the client disconnects. */
export const sendReply = async (
  response: ServerResponse,
  reply: Reply,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<void> => {
  if (delivery.kind === 'truncated') {
    sendTruncated(response, reply, delivery.cleanEnd);
  } else if (delivery.kind === 'slow') {
    await sendSlowly(response, reply, { durationMs: delivery.durationMs, signal });
  } else if (Buffer.isBuffer(reply.body)) {
    writeHead(response, reply, reply.body.length);
    response.end(reply.body);
  } else {
    response.writeHead(reply.status, reply.headers);
    await pipeline(Readable.from(reply.body()), response, { signal });
  }
};

const writeHead = (response: ServerResponse, reply: Reply, length: number): void => {
  response.writeHead(reply.status, { ...reply.headers, 'Content-Length': String(length) });
};

const toBuffer = (body: ReplyBody): Buffer => (Buffer.isBuffer(body) ? body : Buffer.concat([...body()]));

const sendTruncated = (response: ServerResponse, reply: Reply, cleanEnd: boolean): void => {
  const whole = toBuffer(reply.body);
  const half = whole.subarray(0, Math.floor(whole.length / 2));
  writeHead(response, reply, cleanEnd ? half.length : whole.length);
  if (cleanEnd) response.end(half);
  else response.write(half, () => response.destroy());
};

const sendSlowly = async (
  response: ServerResponse,
  reply: Reply,
  pace: { readonly durationMs: number; readonly signal: AbortSignal },
): Promise<void> => {
  const whole = toBuffer(reply.body);
  const step = Math.max(1, Math.ceil(whole.length / slowSteps));
  const stepMs = (pace.durationMs * step) / whole.length;
  writeHead(response, reply, whole.length);
  for (let from = 0; from < whole.length; from += step) {
    // Before each part: a reader of Content-Length bytes does not wait for what follows the last one.
    await pause(stepMs, undefined, { signal: pace.signal });
    response.write(whole.subarray(from, from + step));
  }
  response.end();
};

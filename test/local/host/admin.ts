/** The host's own endpoints: its status, and starting a timer or queue function by hand. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import * as z from 'zod';
import { peakMb } from '../../support/peak-memory.ts';
import type { FunctionApp } from './function-app.ts';
import { requestUrl } from './http-calls.ts';
import type { RequestHandler } from './http-server.ts';
import type { Invocations } from './invocations.ts';

/** The answer of `GET /admin/host/status`. */
export const hostStatusSchema = z.object({
  state: z.literal('Running'),
  functions: z.array(z.string()),
  /** Peak resident set size of the process so far, in MiB. */
  peakRssMb: z.number(),
  /** True while no invocation runs. */
  idle: z.boolean(),
  /** True while a timer or queue function runs. */
  working: z.boolean(),
});

export type HostStatus = z.infer<typeof hostStatusSchema>;

const runRequestSchema = z.object({ input: z.string().default('') });

export interface AdminOptions {
  readonly app: FunctionApp;
  readonly invocations: Invocations;
  /** Starts a timer or queue function and returns immediately; false if it does not exist. */
  readonly start: (name: string, input: string) => boolean;
}

/** Answers `GET /admin/host/status` and `POST /admin/functions/{name}` with `{"input": "…"}`. */
export function createAdmin({ app, invocations, start }: AdminOptions): RequestHandler {
  return async (request, response) => {
    const { pathname } = requestUrl(request);
    if (request.method === 'GET' && pathname === '/admin/host/status') {
      sendJson(response, readStatus(app, invocations));
      return;
    }
    const name = /^\/admin\/functions\/([^/]+)$/.exec(pathname)?.[1];
    if (request.method !== 'POST' || name === undefined) {
      response.writeHead(404).end();
      return;
    }
    const body = await readRunRequest(request);
    if (body === undefined) response.writeHead(400).end();
    else response.writeHead(start(name, body.input) ? 202 : 404).end();
  };
}

function readStatus(app: FunctionApp, invocations: Invocations): HostStatus {
  return {
    state: 'Running',
    functions: app.functions.map(({ name }) => name),
    peakRssMb: Math.round(peakMb()),
    idle: invocations.isIdle(),
    working: invocations.isWorking(),
  };
}

async function readRunRequest(
  request: IncomingMessage,
): Promise<z.infer<typeof runRequestSchema> | undefined> {
  const body: unknown = await json(request).catch(() => undefined);
  return runRequestSchema.safeParse(body).data;
}

function sendJson(response: ServerResponse, body: HostStatus): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

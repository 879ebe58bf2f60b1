/** The only HTTPS server, in front of sign-in, Activity API, Graph, and Exchange: counts, delays, fails, and answers requests. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServerCertificate } from './ca.ts';
import type { Cell } from './cell.ts';
import type { Counters } from './counters.ts';
import { outcomeOf } from './fault-replies.ts';
import type { Faults } from './faults.ts';
import { jsonReply, readRequest, sendReply, type HttpRequest, type Route, type Router } from './http.ts';
import type { Settings } from './settings.ts';

export interface FrontDoorOptions {
  readonly certificate: ServerCertificate;
  /** The first router with a matching route answers. */
  readonly routers: readonly Router[];
  readonly faults: Faults;
  readonly counters: Counters;
  readonly settings: Cell<Settings>;
  /** Ends waiting replies when the simulator stops. */
  readonly signal: AbortSignal;
}

/** Longer than clients keep idle connections, so that the server never closes one first. */
const keepAliveMs = 65_000;

/** A handler that fails answers 500 with its message: a mistake in the simulator must not look like a fault. */
export const createFrontDoor = (options: FrontDoorOptions): Server => {
  const server = createServer(
    { cert: options.certificate.certificatePem, key: options.certificate.privateKeyPem },
    (request, response) => {
      serve(options, request, response).catch((error: unknown) => {
        failWith(response, error);
      });
    },
  );
  server.keepAliveTimeout = keepAliveMs;
  return server;
};

const serve = async (
  options: FrontDoorOptions,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const request = await readRequest(incoming, 'https://localhost');
  const route = routeOf(options.routers, request);
  response.once('close', options.counters.begin(route.call));
  if (route.close !== undefined) response.once('close', route.close);
  await answer(options, route, response);
};

const answer = async (options: FrontDoorOptions, route: Route, response: ServerResponse): Promise<void> => {
  const latencyMs = latencyOf(route, options.settings.get());
  if (latencyMs > 0) await pause(latencyMs, undefined, { signal: options.signal });
  const outcome = outcomeOf(options.faults.take(route.call), route.call);
  if (outcome.kind === 'break') {
    if (outcome.holdMs > 0) await pause(outcome.holdMs, undefined, { signal: options.signal });
    response.destroy();
  } else if (outcome.kind === 'replace') {
    await sendReply(response, outcome.reply, { kind: 'whole' }, options.signal);
  } else {
    await sendReply(response, await route.answer(), outcome.delivery, options.signal);
  }
};

const latencyOf = ({ call }: Route, { latencyMs, exchangeLatencyMs }: Settings): number =>
  call.operation === 'exchange' ? latencyMs + exchangeLatencyMs : latencyMs;

const routeOf = (routers: readonly Router[], request: HttpRequest): Route => {
  for (const router of routers) {
    const route = router(request);
    if (route !== undefined) return route;
  }
  return {
    call: { operation: 'other' },
    answer: () => jsonReply(404, { Message: `The simulator has no route for ${request.url.pathname}.` }),
  };
};

const failWith = (response: ServerResponse, error: unknown): void => {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  response.writeHead(500, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`The simulator failed: ${String(error)}`);
};

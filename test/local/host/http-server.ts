/** The local host's HTTP server: the app's functions under their routes, and the host's own endpoints under /admin. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FunctionApp } from './function-app.ts';
import { answerBuffered, answerStreamed, type HttpCall, requestUrl } from './http-calls.ts';
import { createRouter } from './http-routes.ts';
import type { Invocations } from './invocations.ts';
import { createHttpThrottle, type HttpLimits } from './http-throttle.ts';
import type { Log } from './log.ts';

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface HttpServerOptions {
  readonly app: FunctionApp;
  readonly invocations: Invocations;
  readonly routePrefix: string;
  readonly limits: HttpLimits;
  readonly log: Log;
  /** Answers everything under `/admin/`. */
  readonly admin: RequestHandler;
}

/** Of the request line, as the real host has it; Node's own limit on all headers must not come first. */
const maxRequestLineBytes = 8192;
const maxHeaderBytes = 128 * 1024;

function isTooLong({ method = '', url = '', httpVersion }: IncomingMessage): boolean {
  return Buffer.byteLength(`${method} ${url} HTTP/${httpVersion}`) > maxRequestLineBytes;
}

export function createHttpServer({
  app,
  invocations,
  routePrefix,
  limits,
  log,
  admin,
}: HttpServerOptions): Server {
  const route = createRouter(app.httpFunctions, routePrefix);
  const admit = createHttpThrottle(limits);
  const { httpStreamUrl } = app;
  const call = (found: HttpCall): Promise<void> =>
    httpStreamUrl === undefined
      ? answerBuffered(invocations, found)
      : answerStreamed(invocations, httpStreamUrl, found);

  const answer: RequestHandler = async (request, response) => {
    const { pathname } = requestUrl(request);
    if (pathname.startsWith('/admin/')) {
      await admin(request, response);
      return;
    }
    const found = route(request.method ?? 'GET', pathname);
    if (found === undefined) response.writeHead(404).end();
    else if (!(await admit(() => call({ request, response, ...found })))) response.writeHead(429).end();
  };
  const server = createServer({ maxHeaderSize: maxHeaderBytes }, (request, response) => {
    response.once('finish', () => {
      // A kept-alive connection would keep a closing server open.
      if (!server.listening) request.socket.end();
    });
    if (isTooLong(request)) {
      response.writeHead(414, { connection: 'close' }).end();
      return;
    }
    answer(request, response).catch((error: unknown) => {
      answerFailure(request, response);
      log('debug', `${request.method ?? ''} ${request.url ?? ''}: ${String(error)}`);
    });
  });
  return server;
}

/** Accepts no more connections and resolves once the running requests are answered. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}

/** Once the headers have been sent, only closing the connection shows the caller that the body is incomplete. */
function answerFailure(request: IncomingMessage, response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(500).end();
  request.resume();
}

/**
 * Listens on the loopback address only; resolves with the base URL.
 * @throws {Error} when the port is in use.
 */
export function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new Error(`Port ${port} is in use`, { cause: error }) : error);
    });
    server.listen(port, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${portOf(server.address())}`);
    });
  });
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return address.port;
}

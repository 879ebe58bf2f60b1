/**
 * The managed identity of the process that tests run in. The library that asks for its tokens keeps the first endpoint that it
 * finds for as long as the process lives, and tests share a process: so there is one, which leads to that of the present test.
 */
import { createServer, request, type Server } from 'node:http';
import { vi } from 'vitest';
import { listenLocally } from './local-server.ts';

export interface IdentityEndpoint {
  /** Plain HTTP on this machine. */
  readonly endpoint: string;
  readonly header: string;
}

let present: IdentityEndpoint | undefined;
let port: Promise<number> | undefined;

/** Stubs the variables of the environment, as Azure sets them, until `vi.unstubAllEnvs`. */
export async function stubIdentity(identity: IdentityEndpoint): Promise<void> {
  present = identity;
  port ??= listenLocally(openProxy());
  vi.stubEnv('IDENTITY_ENDPOINT', `http://127.0.0.1:${await port}/`);
  vi.stubEnv('IDENTITY_HEADER', 'of the process');
}

/** It does not keep the process alive. */
function openProxy(): Server {
  const server = createServer((incoming, response) => {
    if (present === undefined) return void response.destroy();
    const { endpoint, header } = present;
    const target = new URL(endpoint);
    target.search = new URL(incoming.url ?? '', target).search;
    const headers = { ...incoming.headers, host: target.host, 'x-identity-header': header };
    const outgoing = request(target, { headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    outgoing.end();
  });
  return server.unref();
}

/** Servers in place of Microsoft's APIs, and the adapters that call them. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterEach } from 'vitest';
import { createSignIn } from '../../../shared/adapters/entra/sign-in.ts';
import { createExchangeAdmin } from '../../../shared/adapters/exchange/exchange-admin.ts';
import { createDirectory } from '../../../shared/adapters/graph/directory.ts';
import { createActivityFeed } from '../../../shared/adapters/management-api/activity-feed.ts';
import { closeServer, listenLocally } from '../../support/local-server.ts';
import { fabrikamId } from '../../support/tenants.ts';

export const tenant = { tenantId: fabrikamId, cloud: 'enterprise' } as const;

/** Longer than any test: a test that waits for a backoff fails. */
export const retryBaseMs = 30_000;
const tokens = {
  token: () => Promise.resolve('token'),
  freshToken: () => Promise.resolve('token'),
  renew: () => undefined,
};

export type Apis = ReturnType<typeof createApis>;

function createApis(root: string, bodyPatienceMs?: number) {
  return {
    exchange: createExchangeAdmin({ tokens, retryBaseMs, exchangeUrl: root }),
    directory: createDirectory({ tokens, retryBaseMs, graphUrl: root, clientId: 'app' }),
    signIn: createSignIn({ tokens, retryBaseMs, authorityUrl: root }),
    feed: createActivityFeed({
      ...{ tokens, retryBaseMs, activityApiUrl: root, publisherId: 'p', requestsPerMinute: 100_000 },
      maxSockets: 2,
      ...(bodyPatienceMs === undefined ? {} : { bodyPatienceMs }),
    }),
  };
}

/** A request to a server: its number from 0, and the server's root. */
export interface Served {
  readonly at: number;
  readonly root: string;
}

/** Servers answer each request in turn; they are closed after each test. */
export function useServers() {
  const servers: Server[] = [];
  afterEach(() => Promise.all(servers.splice(0).map(closeServer)));
  return async (answer: (response: ServerResponse, served: Served) => void, bodyPatienceMs?: number) => {
    const requests = { count: 0 };
    let root = '';
    const server = createServer((request, response) => {
      request.resume();
      answer(response, { at: requests.count++, root });
    });
    servers.push(server);
    root = `http://127.0.0.1:${await listenLocally(server)}`;
    return { server, root, requests, apis: createApis(root, bodyPatienceMs) };
  };
}

export function answerJson(response: ServerResponse, body: unknown): void {
  response.setHeader('Content-Type', 'application/json').end(JSON.stringify(body));
}

/** Microsoft throttles: each such answer is counted, whatever API it comes from. */
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createExchangeAdmin } from '../../../shared/adapters/exchange/exchange-admin.ts';
import { createDirectory } from '../../../shared/adapters/graph/directory.ts';
import { createActivityFeed } from '../../../shared/adapters/management-api/activity-feed.ts';
import { createRecordingMeter } from '../../support/fakes/meter.ts';
import { closeServer, listenLocally } from '../../support/local-server.ts';
import { mailboxNamed } from '../../support/modeled-mailbox.ts';
import { fabrikamId as tenantId, tenantNamed } from '../../support/tenants.ts';

const tenant = tenantNamed('Fabrikam', { tenantId });
let server: Server;
let root: string;

/** Too busy for everything; a batch is taken, and each of its parts refused. */
beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    const isBatch = request.url?.endsWith('$batch') ?? false;
    response.writeHead(isBatch ? 200 : 429, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isBatch ? { responses: [{ id: '1', status: 429, body: {} }] } : {}));
  });
  root = `http://127.0.0.1:${await listenLocally(server)}`;
});
afterAll(() => closeServer(server));

const tokens = {
  token: () => Promise.resolve('token'),
  freshToken: () => Promise.resolve('token'),
  renew: () => undefined,
};

function createApis() {
  const recording = createRecordingMeter();
  const basics = { tokens, meter: recording.meter, retryBaseMs: 1 };
  return {
    counted: () => recording.of('auditkeep.throttles'),
    exchange: createExchangeAdmin({ ...basics, exchangeUrl: root }),
    directory: createDirectory({ ...basics, graphUrl: root, clientId: 'app' }),
    feed: createActivityFeed({
      ...{ ...basics, publisherId: 'publisher', requestsPerMinute: 1000, maxSockets: 2 },
      activityApiUrl: root,
    }),
  };
}

type Apis = ReturnType<typeof createApis>;

it.each<readonly [api: string, ask: (apis: Apis) => Promise<unknown>]>([
  ['activity', ({ feed }) => feed.listSubscriptions(tenant)],
  ['graph', ({ directory }) => directory.listRoleHolders(tenant, [])],
  ['exchange', ({ exchange }) => exchange.readOrganization(tenant)],
  [
    'exchange',
    ({ exchange }) =>
      exchange.changeMailboxes(tenant, [{ mailbox: mailboxNamed('anna'), auditEnabled: true }]),
  ],
])('an answer of %s is counted for each attempt', async (api, ask) => {
  const apis = createApis();
  await expect(ask(apis)).rejects.toMatchObject({ action: 'pause' });
  expect(apis.counted()).toEqual(
    Array.from({ length: 4 }, () => ({ value: 1, dimensions: { api, tenantId } })),
  );
});

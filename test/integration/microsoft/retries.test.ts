/** How calls to Microsoft are retried, and what the budget of an invocation does to them. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createSignIn } from '../../../shared/adapters/entra/sign-in.ts';
import { createExchangeAdmin } from '../../../shared/adapters/exchange/exchange-admin.ts';
import { createDirectory } from '../../../shared/adapters/graph/directory.ts';
import { createActivityFeed } from '../../../shared/adapters/management-api/activity-feed.ts';
import { budgetOf, startBudget, type Budget } from '../../../shared/budget.ts';
import { minuteMs } from '../../support/clock.ts';
import { closeServer, listenLocally } from '../../support/local-server.ts';
import { fabrikamId } from '../../support/tenants.ts';

const tenant = { tenantId: fabrikamId, cloud: 'enterprise' } as const;
/** Longer than any test: a test that waits for a backoff fails. */
const retryBaseMs = 30_000;
const tokens = {
  token: () => Promise.resolve('token'),
  freshToken: () => Promise.resolve('token'),
  renew: () => undefined,
};
const servers: Server[] = [];

afterEach(() => Promise.all(servers.splice(0).map(closeServer)));

/** Answers each request in turn as this says, counting from 0. */
async function serve(answer: (response: ServerResponse, at: number) => void) {
  const requests = { count: 0 };
  const server = createServer((request, response) => {
    request.resume();
    answer(response, requests.count++);
  });
  servers.push(server);
  const root = `http://127.0.0.1:${await listenLocally(server)}`;
  return { server, requests, apis: createApis(root) };
}

function createApis(root: string) {
  return {
    exchange: createExchangeAdmin({ tokens, retryBaseMs, exchangeUrl: root }),
    directory: createDirectory({ tokens, retryBaseMs, graphUrl: root, clientId: 'app' }),
    signIn: createSignIn({ tokens, retryBaseMs, authorityUrl: root }),
    feed: createActivityFeed({
      ...{ tokens, retryBaseMs, activityApiUrl: root, publisherId: 'p', requestsPerMinute: 1000 },
      maxSockets: 2,
    }),
  };
}

const hostOf = (server: Server) => {
  const address = server.address();
  return typeof address === 'object' ? `127.0.0.1:${String(address?.port)}` : '';
};

const busy = (response: ServerResponse, retryAfter: string) => {
  response.writeHead(503, { 'Retry-After': retryAfter }).end();
};
const answerJson = (response: ServerResponse, body: unknown) => {
  response.setHeader('Content-Type', 'application/json').end(JSON.stringify(body));
};

type Apis = ReturnType<typeof createApis>;
type Call = readonly [api: string, answer: unknown, call: (apis: Apis, budget: Budget) => Promise<unknown>];

const calls: readonly Call[] = [
  ['the feed', [], ({ feed }, budget) => feed.listSubscriptions(tenant, budget)],
  ['Graph', { value: [] }, ({ directory }, budget) => directory.listOwnRoles(tenant, budget)],
  [
    'Exchange',
    { value: [{ UnifiedAuditLogIngestionEnabled: true }] },
    ({ exchange }, budget) => exchange.readUnifiedAuditLog(tenant, budget),
  ],
  [
    'sign-in',
    { issuer: `https://sign-in/${fabrikamId}` },
    ({ signIn }, budget) => signIn.findTenantId('fabrikam.example', 'enterprise', budget),
  ],
];

describe.each(calls)('a call to %s', (_api, body, call) => {
  it('that is refused three times waits three times what Retry-After requests, and no backoff', async () => {
    const { requests, apis } = await serve((response, at) => {
      if (at < 3) busy(response, '0.2');
      else answerJson(response, body);
    });
    const startedAt = performance.now();
    await call(apis, startBudget(minuteMs));
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(590);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(requests.count).toBe(4);
  });

  it('gives up at once when Retry-After does not fit into the budget', async () => {
    const { requests, apis } = await serve((response) => {
      busy(response, '9');
    });
    const startedAt = performance.now();
    await expect(call(apis, startBudget(8_000))).rejects.toMatchObject({ retryAfterMs: 9_000 });
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    expect(requests.count).toBe(1);
  });

  it('that gets no answer has its socket closed at the cutoff of the budget', async () => {
    const { server, requests, apis } = await serve(() => undefined);
    const disconnected = new Promise<void>((resolve) => {
      server.once('connection', (socket) =>
        socket.once('close', () => {
          resolve();
        }),
      );
    });
    await expect(call(apis, spentWithCutoff(100))).rejects.toMatchObject({
      ...{ action: 'retry', code: 'BudgetSpent' },
    });
    await disconnected;
    expect(requests.count).toBe(1);
  });

  it('is made once if the budget is already spent', async () => {
    const { apis } = await serve((response) => {
      answerJson(response, body);
    });
    await call(apis, startBudget(0));
  });
});

/** A budget that is spent, and cuts off requests in flight after this time. */
function spentWithCutoff(ms: number): Budget {
  const endsAt = new Date();
  return budgetOf(AbortSignal.abort(), { endsAt, remainingMs: () => 0, cutoff: AbortSignal.timeout(ms) });
}

describe('the body of a content blob', () => {
  it('is read to its end although the budget is spent, and cut off at its cutoff', async () => {
    const { apis } = await serve((response) => {
      response.write('[');
    });
    const body = await apis.feed.fetchContent(tenant, `${rootOf()}/blob`, spentWithCutoff(300));
    const received: string[] = [];
    const reading = (async () => {
      for await (const chunk of body) received.push(chunk.toString());
    })();
    await expect(reading).rejects.toMatchObject({ action: 'retry', code: 'BudgetSpent' });
    expect(received).toEqual(['[']);
  });
});

describe('a wait between retries', () => {
  it('ends with the last error as soon as the budget is spent', async () => {
    const { requests, apis } = await serve((response) => {
      busy(response, '9');
    });
    const ending = new AbortController();
    const budget = budgetOf(ending.signal, {
      ...{ endsAt: new Date(), remainingMs: () => minuteMs, cutoff: new AbortController().signal },
    });
    const call = apis.feed.listSubscriptions(tenant, budget);
    void setTimeout(200).then(() => {
      ending.abort();
    });
    await expect(call).rejects.toMatchObject({ action: 'retry', retryAfterMs: 9_000 });
    expect(requests.count).toBe(1);
  });
});

function rootOf(): string {
  const address = servers.at(-1)?.address();
  if (typeof address !== 'object' || address === null) throw new Error('No server is listening.');
  return `http://127.0.0.1:${address.port}`;
}

describe('a list whose next link leads back to a page that was read', () => {
  const window = { start: new Date('2026-03-10T00:00:00Z'), end: new Date('2026-03-11T00:00:00Z') };
  const lists: readonly (readonly [api: string, list: (apis: Apis) => Promise<unknown>])[] = [
    ['the feed', ({ feed }) => readAll(feed.listContent(tenant, 'Audit.Exchange', window))],
    ['Graph', ({ directory }) => directory.listOwnRoles(tenant)],
    ['Exchange', ({ exchange }) => readAll(exchange.listMailboxes(tenant, { all: true }))],
  ];

  async function readAll(pages: AsyncIterable<unknown>): Promise<void> {
    for await (const page of pages) expect(page).toEqual([]);
  }

  it.each(lists)('of %s ends with an error', async (_api, list) => {
    const { requests, apis, server } = await serve((response, at) => {
      const next = `http://${hostOf(server)}/page?${String(at % 2)}`;
      if (at > 20) response.destroy();
      else if (_api === 'the feed') {
        response.setHeader('NextPageUri', next);
        answerJson(response, []);
      } else answerJson(response, { value: [], '@odata.nextLink': next });
    });
    await expect(list(apis)).rejects.toMatchObject({ code: 'UnexpectedAnswer' });
    expect(requests.count).toBeLessThan(6);
  });
});

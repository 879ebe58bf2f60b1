/** Subscriptions of the simulated Activity API, and authorization there. */

import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { closeServer, listenLocally } from '../../support/local-server.ts';
import {
  activityScope,
  adatum,
  contentPath,
  fabrikam,
  feedPath,
  graphScope,
  json,
  publisherId,
  refusalOf,
  startClient,
  tenantOf,
  type SimulatorClient,
} from './simulator-client.ts';

const listPath = feedPath('subscriptions/list');
const patience = { timeout: 30_000 };
const stopPath = feedPath('subscriptions/stop?contentType=Audit.Exchange');

let client: SimulatorClient;

beforeEach(async () => {
  client = await startClient();
});

afterEach(() => client.stop());

describe('starting a subscription', () => {
  it('enables it without a webhook', async () => {
    const started = await client.subscribe('Audit.Exchange');
    const subscription = { contentType: 'Audit.Exchange', status: 'enabled', webhook: null };
    expect([started.status, json(started)]).toEqual([200, subscription]);
    expect(json(await client.get(listPath))).toEqual([subscription]);
  });

  it('answers 400 AF20024 when it is already enabled', async () => {
    await client.subscribe('Audit.Exchange');
    expect(refusalOf(await client.subscribe('Audit.Exchange'))).toBe('400 AF20024');
  });

  it('refuses a webhook without HTTPS', async () => {
    const body = { webhook: { address: 'http://hook.example/' } };
    const refused = await client.post(feedPath('subscriptions/start?contentType=Audit.Exchange'), { body });
    expect(refusalOf(refused)).toBe('400 AF20021');
  });

  it('reports that the tenant does not exist while auditing is off', async () => {
    client.simulator.addTenant(tenantOf('d0d1d2d3-d4d5-4d6d-8d7d-d8d9dadbdcdd', { auditingEnabled: false }));
    const refused = await client.subscribe('Audit.General', 'd0d1d2d3-d4d5-4d6d-8d7d-d8d9dadbdcdd');
    expect(refused.status).toBe(400);
    expect(refused.data).toMatch(/"code":"StartSubscription \[CorrId=.+\]\[TenantId=d0d1d2d3/);
    expect(refused.data).toMatch(/Tenant d0d1d2d3-[0-9a-f-]{27} does not exist/);
  });
});

describe('a webhook', () => {
  const startPath = feedPath('subscriptions/start?contentType=Audit.Exchange');
  const content = { kind: 'records', contentType: 'Audit.Exchange', texts: ['{}'] } as const;
  const calls: { readonly headers: IncomingHttpHeaders; readonly body: unknown }[] = [];
  let answers: number[] = [];
  let server: Server;
  let address: string;

  beforeEach(async () => {
    calls.length = 0;
    answers = [];
    server = createServer((request, response) => {
      void readText(request).then((body) => {
        calls.push({ headers: request.headers, body: JSON.parse(body) });
        response.writeHead(answers.shift() ?? 200).end();
      });
    });
    address = `http://127.0.0.1:${await listenLocally(server)}/hook`;
  });

  afterEach(() => closeServer(server));

  const start = () =>
    client.post(startPath, { body: { webhook: { address, authId: 'opaque', expiration: '' } } });
  const listed = () => client.simulator.webhooks(fabrikam).subscriptions[0];

  it('of an enabled subscription is changed after it answered a handshake', async () => {
    await client.subscribe('Audit.Exchange');
    expect(json(await start())).toMatchObject({ webhook: { address, expiration: null } });
    const [{ headers, body } = { headers: {}, body: undefined }, ...others] = calls;
    expect(others).toEqual([]);
    expect(headers['webhook-authid']).toBe('opaque');
    expect(body).toEqual({ validationCode: headers['webhook-validationcode'] });
  });

  it('that does not answer 200 starts nothing', async () => {
    answers = [202];
    expect(refusalOf(await start())).toBe('400 AF20021');
    expect(json(await client.get(listPath))).toEqual([]);
    await closeServer(server);
    expect(refusalOf(await start())).toBe('400 AF20021');
  });

  it('is notified of new content', async () => {
    await start();
    const [contentId] = client.simulator.addContent(fabrikam, content);
    await vi.waitFor(() => {
      expect(calls).toHaveLength(2);
    }, patience);
    expect(calls[1]?.headers).toMatchObject({ 'webhook-authid': 'opaque' });
    expect(calls[1]?.body).toMatchObject([{ tenantId: fabrikam, contentType: 'Audit.Exchange', contentId }]);
  });

  it('that fails is disabled, gets nothing more, and works again after a start', async () => {
    await start();
    answers = [500, 500, 500];
    client.simulator.addContent(fabrikam, content);
    await vi.waitFor(() => {
      expect(listed()).toMatchObject({ state: 'disabled', failures: 3 });
    }, patience);
    expect(json(await client.get(listPath))).toMatchObject([
      { status: 'enabled', webhook: { status: 'disabled' } },
    ]);
    client.simulator.addContent(fabrikam, content);
    expect((await start()).status).toBe(200);
    client.simulator.addContent(fabrikam, content);
    await vi.waitFor(() => {
      expect(listed()).toMatchObject({ state: 'enabled', delivered: 1, failures: 0 });
    }, patience);
  });

  it('is removed by a start without one, or without a word', async () => {
    await start();
    await client.subscribe('Audit.Exchange');
    expect(json(await client.get(listPath))).toMatchObject([{ webhook: null }]);
    await start();
    client.simulator.dropWebhooks(fabrikam);
    expect(json(await client.get(listPath))).toMatchObject([{ status: 'enabled', webhook: null }]);
  });

  it('changed within 15 minutes of a start is counted', async () => {
    await client.subscribe('Audit.Exchange');
    client.simulator.moveClock(15 * 60_000);
    await start();
    expect(client.simulator.webhooks(fabrikam).earlyStarts).toBe(0);
    await client.subscribe('Audit.Exchange');
    expect(client.simulator.webhooks(fabrikam).earlyStarts).toBe(1);
  });
});

describe('stopping a subscription', () => {
  it('answers with an empty body and ends listing', async () => {
    await client.subscribe('Audit.Exchange');
    const stopped = await client.post(stopPath);
    expect([stopped.status, stopped.data]).toEqual([200, '']);
    expect(refusalOf(await client.get(contentPath('Audit.Exchange')))).toBe('400 AF20023');
  });

  it('followed by a start, returns AF20023 and an empty list for a while', async () => {
    await client.subscribe('Audit.Exchange');
    await client.post(stopPath);
    expect((await client.subscribe('Audit.Exchange')).status).toBe(200);
    expect(json(await client.get(listPath))).toEqual([]);
    expect(refusalOf(await client.get(contentPath('Audit.Exchange')))).toBe('400 AF20023');
    client.simulator.moveClock(61_000);
    expect((await client.get(contentPath('Audit.Exchange'))).status).toBe(200);
  });

  it('permanently loses what is published before the next start', async () => {
    await client.subscribe('Audit.Exchange');
    client.simulator.moveClock(-60_000);
    await client.post(stopPath);
    client.simulator.moveClock(-30_000);
    const content = { kind: 'records', contentType: 'Audit.Exchange', texts: ['{}'] } as const;
    client.simulator.addContent(fabrikam, content);
    client.simulator.moveClock(0);
    await client.subscribe('Audit.Exchange');
    client.simulator.moveClock(61_000);
    expect(json(await client.get(contentPath('Audit.Exchange')))).toEqual([]);
  });
});

describe('authorization', () => {
  it('needs a token', async () => {
    expect((await client.get(listPath, { token: '' })).status).toBe(401);
    expect((await client.get(listPath, { token: 'a.b.c' })).status).toBe(401);
  });

  it('needs a token for this API', async () => {
    expect((await client.get(listPath, { scope: graphScope })).status).toBe(401);
  });

  it('needs the role in the token, regardless of later grants', async () => {
    client.simulator.changePolicy(fabrikam, { grantedRoles: [] });
    const token = await client.token(fabrikam, activityScope);
    client.simulator.changePolicy(fabrikam, { grantedRoles: ['ActivityFeed.Read'] });
    expect(refusalOf(await client.get(listPath, { token }))).toBe('401 AF10001');
    expect((await client.get(listPath)).status).toBe(200);
  });

  it('needs a separate role for DLP content', async () => {
    client.simulator.changePolicy(fabrikam, { grantedRoles: ['ActivityFeed.Read'] });
    expect(refusalOf(await client.subscribe('DLP.All'))).toBe('401 AF10001');
  });

  it("refuses another tenant's token with AF20010, on content with AF20052", async () => {
    const foreign = { tenantId: adatum };
    expect(refusalOf(await client.get(listPath, foreign))).toBe('400 AF20010');
    expect(refusalOf(await client.get(contentPath('Audit.Exchange'), foreign))).toBe('400 AF20010');
    const contentIds = client.simulator.addContent(fabrikam, {
      kind: 'records',
      contentType: 'Audit.Exchange',
      texts: ['{}'],
    });
    const blob = `audit/${contentIds.join('')}`;
    expect(refusalOf(await client.get(feedPath(blob), foreign))).toBe('400 AF20052');
    expect(refusalOf(await client.get(feedPath(blob, adatum), foreign))).toBe('400 AF20052');
  });

  it('needs a GUID for the tenant', async () => {
    expect(refusalOf(await client.get(feedPath('subscriptions/list', 'fabrikam.example')))).toBe(
      '400 AF20013',
    );
  });
});

describe('parameters', () => {
  it.each([
    ['a missing content type', 'subscriptions/content', '400 AF20001'],
    ['an unknown content type', 'subscriptions/content?contentType=Audit.Teams', '400 AF20020'],
    ['a PublisherIdentifier that is not a GUID', 'subscriptions/list?PublisherIdentifier=me', '400 AF20002'],
    [
      'a content type without a subscription',
      'subscriptions/content?contentType=Audit.Exchange',
      '400 AF20022',
    ],
  ])('are refused: %s', async (_case, rest, expected) => {
    expect(refusalOf(await client.get(feedPath(rest)))).toBe(expected);
  });

  it('are counted if the PublisherIdentifier is missing', async () => {
    await client.get(listPath);
    await client.get(`${listPath}?PublisherIdentifier=${publisherId}`);
    expect(client.simulator.counters.snapshot()).toMatchObject({
      requests: { list: 2 },
      requestsByTenant: { [fabrikam]: { list: 2 } },
      missingPublisherIdentifier: 1,
    });
  });
});

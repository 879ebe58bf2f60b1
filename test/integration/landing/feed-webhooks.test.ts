/** Subscriptions with a webhook: what the Activity API's adapter sends, and what it makes of refusals. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import type { FeedWebhook } from '../../../shared/activity/feed-webhook.ts';
import { createActivityFeed } from '../../../shared/adapters/management-api/activity-feed.ts';
import { closeServer, listenLocally } from '../../support/local-server.ts';
import { fabrikamId } from '../../support/tenants.ts';

const tenant = { tenantId: fabrikamId, cloud: 'enterprise' } as const;
const webhook: FeedWebhook = { address: 'https://audit.example/api/hook', authId: 'auditkeep.secret' };
const withWebhook = JSON.stringify({ webhook: { ...webhook, expiration: '' } });
const servers: Server[] = [];

afterEach(() => Promise.all(servers.splice(0).map(closeServer)));

type Refusal = { readonly status: number; readonly code: string } | undefined;

async function createFeed(
  wanted: FeedWebhook | undefined,
  refusalOf: (body: string) => Refusal,
  listed: unknown = [],
) {
  const starts: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.setHeader('Content-Type', 'application/json');
    if (request.method === 'GET') {
      response.end(JSON.stringify(listed));
      return;
    }
    const body = await text(request);
    starts.push(body);
    const refusal = refusalOf(body);
    if (refusal === undefined) response.end('{}');
    else
      response.writeHead(refusal.status).end(JSON.stringify({ error: { code: refusal.code, message: '' } }));
  };
  const server = createServer((request, response) => void answer(request, response));
  servers.push(server);
  const feed = createActivityFeed({
    activityApiUrl: `http://127.0.0.1:${await listenLocally(server)}`,
    ...{ publisherId: fabrikamId, requestsPerMinute: 1000, maxSockets: 4, retryBaseMs: 1 },
    feedWebhooks: { of: (tenantId) => (tenantId === fabrikamId ? wanted : undefined) },
    tokens: {
      token: () => Promise.resolve('a-token'),
      freshToken: () => Promise.resolve('a-token'),
      renew: () => undefined,
    },
  });
  return { feed, starts };
}

const never = () => undefined;
const refuseWebhook =
  (status: number, code: string) =>
  (body: string): Refusal =>
    body === '' ? undefined : { status, code };

describe('starting a subscription', () => {
  it('sends no body while webhooks are off', async () => {
    const { feed, starts } = await createFeed(undefined, never);
    expect(await feed.startSubscription(tenant, 'Audit.General')).toBe('none');
    expect(starts).toEqual(['']);
  });

  it('sends the webhook that is wanted, once in 15 minutes', async () => {
    const { feed, starts } = await createFeed(webhook, never);
    expect(await feed.startSubscription(tenant, 'Audit.General')).toBe('current');
    expect(await feed.startSubscription(tenant, 'Audit.General')).toBe('current');
    await feed.renewWebhook(tenant, 'Audit.General');
    expect(starts).toEqual([withWebhook]);
  });

  it.each([
    ['cannot be reached', 400, 'AF20021', [withWebhook, '']],
    ['makes Microsoft fail', 500, 'AF50000', [withWebhook, withWebhook, withWebhook, withWebhook, '']],
  ])('continues without a webhook that %s, and says why', async (_how, status, code, sent) => {
    const { feed, starts } = await createFeed(webhook, refuseWebhook(status, code));
    expect(await feed.startSubscription(tenant, 'Audit.General')).toMatchObject({ code });
    expect(await feed.startSubscription(tenant, 'Audit.General')).toMatchObject({ code });
    expect(starts).toEqual(sent);
  });

  it.each([
    ['permission is missing', 400, 'AF20010'],
    ['tenant is throttled', 403, 'AF429'],
  ])('is not tried without a webhook when the %s', async (_what, status, code) => {
    const { feed, starts } = await createFeed(webhook, () => ({ status, code }));
    await expect(feed.startSubscription(tenant, 'Audit.General')).rejects.toMatchObject({ code });
    expect(starts.filter((body) => body === '')).toEqual([]);
  });

  it('that is refused without the webhook as well is refused', async () => {
    const { feed } = await createFeed(webhook, (body) => ({
      status: 400,
      code: body === '' ? 'AF20012' : 'AF20021',
    }));
    await expect(feed.startSubscription(tenant, 'Audit.General')).rejects.toMatchObject({ code: 'AF20012' });
  });
});

describe('renewing a webhook', () => {
  it('starts the subscription again, which is success even if nothing changes', async () => {
    const { feed, starts } = await createFeed(webhook, () => ({ status: 400, code: 'AF20024' }));
    await feed.renewWebhook(tenant, 'Audit.General');
    expect(starts).toEqual([withWebhook]);
  });

  it('removes it while webhooks are off', async () => {
    const { feed, starts } = await createFeed(undefined, never);
    await feed.renewWebhook(tenant, 'Audit.General');
    expect(starts).toEqual(['']);
  });

  it('that Microsoft cannot reach changes nothing', async () => {
    const { feed, starts } = await createFeed(webhook, refuseWebhook(400, 'AF20021'));
    await expect(feed.renewWebhook(tenant, 'Audit.General')).rejects.toMatchObject({ code: 'AF20021' });
    expect(starts).toEqual([withWebhook]);
  });
});

describe('a listed subscription', () => {
  it('has the state of its webhook, in whatever form it is listed', async () => {
    const items = [
      { status: 'enabled', webhook: { status: 'enabled', ...webhook, expiration: null } },
      { status: 'enabled', webhook: { address: webhook.address } },
      { status: 'enabled', webhook: { status: 'disabled', ...webhook } },
      { status: 'enabled', webhook: null },
      { status: 'enabled' },
      { status: 'enabled', webhook: 'odd' },
      { status: 'disabled', webhook: { status: 'enabled', ...webhook, authId: 7 } },
    ];
    const listed = items.map((item) => ({ contentType: 'Audit.General', ...item }));
    const { feed } = await createFeed(webhook, never, listed);
    const found = (await feed.listSubscriptions(tenant)).map((item) => [item.enabled, item.webhook]);
    expect(found).toEqual([
      [true, 'current'],
      [true, 'current'],
      [true, 'outdated'],
      [true, 'outdated'],
      [true, 'outdated'],
      [true, 'outdated'],
      [false, 'current'],
    ]);
  });
});

/** The Activity API's adapter against a server that tries to lead it astray. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createActivityFeed } from '../../../shared/adapters/management-api/activity-feed.ts';
import { createClock, hourMs } from '../../support/clock.ts';
import { closeServer, listenLocally } from '../../support/local-server.ts';
import { fabrikamId } from '../../support/tenants.ts';

const publisherId = 'c2a7f9d4-1e6b-4d0f-b6a3-94e8d5270f43';
const tenant = { tenantId: fabrikamId, cloud: 'enterprise' } as const;
const now = createClock().now();
const window = { start: new Date(now.getTime() - hourMs), end: now };
const servers: Server[] = [];

afterEach(() => {
  return Promise.all(servers.splice(0).map(closeServer));
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Serves on a free port; returns its root and the requests it got. */
async function serve(answer: Answer): Promise<{ root: string; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  servers.push(server);
  return { root: `http://127.0.0.1:${await listenLocally(server)}`, requests };
}

function createFeed(activityApiUrl: string) {
  return createActivityFeed({
    ...{ publisherId, activityApiUrl, requestsPerMinute: 1000, maxSockets: 4, retryBaseMs: 1 },
    tokens: {
      token: () => Promise.resolve('a-token'),
      freshToken: () => Promise.resolve('a-token'),
      renew: () => undefined,
    },
  });
}

async function pagesOf(root: string): Promise<number> {
  let pages = 0;
  for await (const page of createFeed(root).listContent(tenant, 'Audit.Exchange', window)) {
    expect(page).toEqual([]);
    pages += 1;
  }
  return pages;
}

const emptyPage =
  (next: () => string | undefined): Answer =>
  (_request, response) => {
    const uri = next();
    response.setHeader('Content-Type', 'application/json');
    if (uri !== undefined) response.setHeader('NextPageUri', uri);
    response.end('[]');
  };

describe('an address from the feed', () => {
  it.each([
    ['of another host', (other: string) => `${other}/api/v1/next`],
    ['with the feed as its user', (other: string) => other.replace('http://', 'http://127.0.0.1@')],
    ['of a file', () => 'file:///etc/hostname'],
    ['that is none', () => 'not an address'],
  ])('is not followed as a next page %s, and no token goes there', async (_what, addressOf) => {
    const other = await serve((_request, response) => response.end('[]'));
    const feed = await serve(emptyPage(() => addressOf(other.root)));
    await expect(pagesOf(feed.root)).rejects.toMatchObject({ action: 'fail', code: 'ForeignHost' });
    expect(feed.requests).toHaveLength(1);
    expect(other.requests).toEqual([]);
  });

  it('is not followed as a contentUri to another host', async () => {
    const other = await serve((_request, response) => response.end('[]'));
    const feed = await serve((_request, response) => response.end('[]'));
    const fetching = createFeed(feed.root).fetchContent(tenant, `${other.root}/audit/1$2`);
    await expect(fetching).rejects.toMatchObject({ code: 'ForeignHost' });
    expect([...feed.requests, ...other.requests]).toEqual([]);
  });

  it('is not followed as a redirect', async () => {
    const other = await serve((_request, response) => response.end('[]'));
    const feed = await serve((_request, response) => {
      response.writeHead(302, { Location: `${other.root}/elsewhere` }).end();
    });
    await expect(pagesOf(feed.root)).rejects.toMatchObject({ name: 'UpstreamError' });
    expect(other.requests).toEqual([]);
  });

  it("gets Auditkeep's PublisherIdentifier if it has none, and is otherwise unchanged", async () => {
    const nexts = ['/a?nextPage=1$2%243', '/b?PublisherIdentifier=other', undefined];
    let root = '';
    const feed = await serve(
      emptyPage(() => {
        const next = nexts.shift();
        return next === undefined ? undefined : root + next;
      }),
    );
    root = feed.root;
    expect(await pagesOf(feed.root)).toBe(3);
    expect(feed.requests.slice(1).map(({ url }) => url)).toEqual([
      `/a?nextPage=1$2%243&PublisherIdentifier=${publisherId}`,
      '/b?PublisherIdentifier=other',
    ]);
  });
});

describe('an answer of the feed', () => {
  it('is read as UTC if times have no zone', async () => {
    const item = {
      ...{ contentType: 'Audit.Exchange', contentId: '1$2', contentUri: 'https://manage.office.com/1$2' },
      ...{ contentCreated: '2026-03-10T11:00:00.123', contentExpiration: '2026-03-17T11:00:00.123Z' },
    };
    const feed = await serve((_request, response) => response.end(JSON.stringify([item])));
    const pages = createFeed(feed.root).listContent(tenant, 'Audit.Exchange', window);
    for await (const [content] of pages) {
      expect(content?.contentCreated).toEqual(new Date('2026-03-10T11:00:00.123Z'));
      expect(content?.contentExpiration).toEqual(new Date('2026-03-17T11:00:00.123Z'));
    }
  });

  it.each(['<html>Please sign in</html>', '{}', '[{"contentId":1}]', ''])(
    'is never taken for an empty listing when it is %j',
    async (body) => {
      const feed = await serve((_request, response) => response.end(body));
      await expect(pagesOf(feed.root)).rejects.toMatchObject({ action: 'retry', code: 'UnexpectedAnswer' });
    },
  );

  it('is requested with times in UTC, to the second, with a 24-hour clock', async () => {
    const feed = await serve(emptyPage(() => undefined));
    await pagesOf(feed.root);
    const query = new URL(feed.requests[0]?.url ?? '', feed.root).searchParams;
    expect(Object.fromEntries(query)).toEqual({
      contentType: 'Audit.Exchange',
      startTime: '2026-03-10T11:00:00',
      endTime: '2026-03-10T12:00:00',
      PublisherIdentifier: publisherId,
    });
  });

  it('is never repeated in an error, which contains neither token nor body', async () => {
    const feed = await serve((_request, response) => {
      response.writeHead(403).end('{"error":{"code":"Strange","message":"secret words"}}');
    });
    const error: unknown = await pagesOf(feed.root).catch((reason: unknown) => reason);
    const shown = error instanceof Error ? `${error.message} ${error.stack ?? ''}` : '';
    expect(shown).toContain('UpstreamError');
    expect(shown).not.toMatch(/secret words|a-token/);
  });
});

describe('stopping a subscription', () => {
  const refusal =
    (status: number, code: string): Answer =>
    (_request, response) => {
      response.writeHead(status).end(JSON.stringify({ error: { code, message: 'No.' } }));
    };
  const stop = (root: string) => createFeed(root).stopSubscription(tenant, 'Audit.SharePoint');

  it('requests it once, for one content type, with the PublisherIdentifier', async () => {
    const feed = await serve((_request, response) => response.end());
    await stop(feed.root);
    const query = `contentType=Audit.SharePoint&PublisherIdentifier=${publisherId}`;
    expect(feed.requests.map(({ method, url }) => `${method ?? ''} ${url ?? ''}`)).toEqual([
      `POST /api/v1.0/${fabrikamId}/activity/feed/subscriptions/stop?${query}`,
    ]);
  });

  it.each(['AF20022', 'AF20023'])(
    'that does not exist, which is answered with %s, succeeds',
    async (code) => {
      const feed = await serve(refusal(400, code));
      await expect(stop(feed.root)).resolves.toBeUndefined();
      expect(feed.requests).toHaveLength(1);
    },
  );

  it.each([
    [403, 'AF20012', 'fail'],
    [500, 'AF50000', 'retry'],
    [403, 'AF429', 'pause'],
  ])('that is refused with %i %s throws', async (status, code, action) => {
    const feed = await serve(refusal(status, code));
    await expect(stop(feed.root)).rejects.toMatchObject({ name: 'UpstreamError', action, code });
  });

  it('makes the next start request it again, although it was started recently', async () => {
    const server = await serve((_request, response) => response.end('{}'));
    const feed = createFeed(server.root);
    await feed.startSubscription(tenant, 'Audit.General');
    await feed.startSubscription(tenant, 'Audit.General');
    await feed.stopSubscription(tenant, 'Audit.General');
    await feed.startSubscription(tenant, 'Audit.General');
    const operations = server.requests.map(({ url }) => /subscriptions\/(\w+)/.exec(url ?? '')?.[1]);
    expect(operations).toEqual(['start', 'stop', 'start']);
  });
});

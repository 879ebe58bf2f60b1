/** The Activity API's adapter against a server that tries to lead it astray. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ContentPage } from '../../../shared/activity/activity-feed.ts';
import { createActivityFeed } from '../../../shared/adapters/management-api/activity-feed.ts';
import { createClock, hourMs } from '../../support/clock.ts';
import { closeServer, listenLocally } from '../../support/local-server.ts';
import { peakMb } from '../../support/peak-memory.ts';
import { fabrikamId } from '../../support/tenants.ts';

const publisherId = 'c2a7f9d4-1e6b-4d0f-b6a3-94e8d5270f43';
const tenant = { tenantId: fabrikamId, cloud: 'enterprise' } as const;
const now = createClock().now();
const window = { start: new Date(now.getTime() - hourMs), end: now };
/** The path of the tenant's feed. */
const own = `/api/v1/${fabrikamId}/activity/feed`;
const foreignId = '11111111-2222-4333-8444-555555555555';
const servers: Server[] = [];

afterEach(() => {
  vi.useRealTimers();
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
    expect(page).toMatchObject({ contents: [], unusable: [] });
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

describe('the limit of requests a minute', () => {
  it('delays nothing after the clock of the machine was set back', { timeout: 10_000 }, async () => {
    const { root, requests } = await serve(emptyPage(() => undefined));
    const feed = createFeed(root);
    await feed.listContent(tenant, 'Audit.Exchange', window)[Symbol.asyncIterator]().next();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - hourMs });
    await feed.listContent(tenant, 'Audit.Exchange', window)[Symbol.asyncIterator]().next();
    expect(requests).toHaveLength(2);
  });
});

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

  const outside: readonly (readonly [what: string, path: string])[] = [
    ['of another tenant', `/api/v1.0/${foreignId}/activity/feed/audit/1$2`],
    ['that climbs out of the tenant', `${own}/../../../${foreignId}/activity/feed/audit/1$2`],
    ['outside the feed', `/api/v1.0/${fabrikamId}/elsewhere/1$2`],
    ['of the root', '/'],
  ];

  it.each(outside)('is not followed as a contentUri %s, nor as a next page', async (_what, path) => {
    let root = '';
    const feed = await serve((request, response) => {
      emptyPage(() => root + path)(request, response);
    });
    root = feed.root;
    const fetching = createFeed(root).fetchContent(tenant, root + path);
    await expect(fetching).rejects.toMatchObject({ action: 'fail', code: 'ForeignTenant' });
    await expect(pagesOf(root)).rejects.toMatchObject({ action: 'fail', code: 'ForeignTenant' });
    expect(feed.requests).toHaveLength(1);
  });

  it("is followed whatever case the tenant's ID is written in", async () => {
    const feed = await serve((_request, response) => response.end('[]'));
    const uri = `${feed.root}/api/v1.0/${fabrikamId.toUpperCase()}/activity/feed/audit/1$2`;
    await createFeed(feed.root).fetchContent(tenant, uri);
    expect(feed.requests).toHaveLength(1);
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
    const nexts = [`${own}/a?nextPage=1$2%243`, `${own}/b?PublisherIdentifier=other`, undefined];
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
      `${own}/a?nextPage=1$2%243&PublisherIdentifier=${publisherId}`,
      `${own}/b?PublisherIdentifier=other`,
    ]);
  });
});

/** All pages of a feed that lists these items. */
async function listed(items: (root: string) => unknown): Promise<ContentPage> {
  let root = '';
  const feed = await serve((_request, response) => response.end(JSON.stringify(items(root))));
  root = feed.root;
  const pages: ContentPage[] = [];
  for await (const page of createFeed(root).listContent(tenant, 'Audit.Exchange', window)) pages.push(page);
  const [only, ...others] = pages;
  if (only === undefined || others.length > 0) throw new Error('There is not exactly one page.');
  return only;
}

const contentId = '20260310110000000000001$20260310113000000000002$audit_exchange$Audit_Exchange$na0020';
const soundItem = (root: string) => ({
  ...{ contentType: 'Audit.Exchange', contentId, contentUri: `${root}${own}/audit/${contentId}` },
  ...{ contentCreated: '2026-03-10T11:31:00.000Z', contentExpiration: '2026-03-17T11:31:00.000Z' },
});

describe('an item of a listing', () => {
  const without = (name: string) => (root: string) => {
    const kept = Object.entries(soundItem(root)).filter(([key]) => key !== name);
    return Object.fromEntries(kept);
  };
  const changed = (changes: Readonly<Record<string, unknown>>) => (root: string) => ({
    ...soundItem(root),
    ...changes,
  });

  it.each([
    ['without a content type', without('contentType')],
    ['of an unknown content type', changed({ contentType: 'Audit.Quantum' })],
    ['of another content type', changed({ contentType: 'Audit.SharePoint' })],
  ])('%s is collected under the type that was requested', async (_what, item) => {
    const { contents, unusable } = await listed((root) => [item(root)]);
    expect(contents).toMatchObject([{ contentId, contentType: 'Audit.Exchange' }]);
    expect(unusable).toEqual([]);
  });

  it.each([
    ['is missing', without('contentCreated')],
    ['is null', changed({ contentCreated: null })],
    ['is not a date', changed({ contentCreated: 'yesterday' })],
    ['is far from what was listed', changed({ contentCreated: '0001-01-01T00:00:00' })],
  ])('has the creation time in its ID if its own one %s', async (_what, item) => {
    const { contents } = await listed((root) => [item(root)]);
    expect(contents).toMatchObject([{ contentCreated: new Date('2026-03-10T11:30:00Z') }]);
  });

  it('has the beginning of its day as creation time if nothing else is known', async () => {
    const { contents } = await listed((root) => [
      { ...without('contentCreated')(root), contentId: 'opaque' },
    ]);
    expect(contents).toMatchObject([{ contentCreated: new Date('2026-03-10T00:00:00Z') }]);
  });

  it.each([
    ['is missing', without('contentExpiration')],
    ['is before its creation', changed({ contentExpiration: '2026-03-01T00:00:00Z' })],
    ['is years away', changed({ contentExpiration: '9999-12-31T23:59:59Z' })],
  ])('expires after the seven days that Microsoft promises if its expiration %s', async (_what, item) => {
    const { contents } = await listed((root) => [item(root)]);
    expect(contents).toMatchObject([{ contentExpiration: new Date('2026-03-17T11:31:00Z') }]);
  });

  it.each<[string, (root: string) => unknown, string]>([
    ['null', () => null, 'ItemNotAnObject'],
    ['a number', () => 42, 'ItemNotAnObject'],
    ['without a contentId', without('contentId'), 'ItemWithoutContentId'],
    ['with a number as contentId', changed({ contentId: 1 }), 'ItemWithoutContentId'],
    ['with an endless contentId', changed({ contentId: 'x'.repeat(100_000) }), 'ItemWithoutContentId'],
    ['without a contentUri', without('contentUri'), 'ItemWithoutContentUri'],
    ['with a relative contentUri', changed({ contentUri: '/audit/1' }), 'ItemWithoutContentUri'],
    [
      'with a contentUri of another host',
      changed({ contentUri: 'https://other.example/' }),
      'ItemOfForeignUri',
    ],
    [
      'with a contentUri of another tenant',
      (root) => ({ ...soundItem(root), contentUri: `${root}/api/v1.0/${foreignId}/activity/feed/audit/1` }),
      'ItemOfForeignUri',
    ],
  ])('that is %s is reported with the reason, and stops no other one', async (_what, item, code) => {
    const page = await listed((root) => [item(root), soundItem(root), item(root)]);
    expect(page.contents).toMatchObject([{ contentId }]);
    expect(page.unusable).toMatchObject([{ code }, { code }]);
    const [first, second] = page.unusable;
    expect(first).toEqual(second);
  });
});

const mebibyte = 2 ** 20;

/** So many mebibytes of blanks, compressed without ever holding them. */
async function gzippedBlanks(mebibytes: number): Promise<Buffer> {
  const blanks = Buffer.alloc(mebibyte, ' ');
  const gzip = Readable.from(Array.from({ length: mebibytes }, () => blanks)).pipe(createGzip());
  return Buffer.concat(await gzip.toArray());
}

describe('the content of a content blob', () => {
  it('says when Microsoft answered, and may be discarded before its body has arrived', async () => {
    let isOpen = false;
    const feed = await serve((_request, response) => {
      isOpen = true;
      response.once('close', () => {
        isOpen = false;
      });
      response.setHeader('Date', 'Tue, 10 Mar 2026 12:00:07 GMT').write('[');
    });
    const fetched = await createFeed(feed.root).fetchContent(tenant, `${feed.root}${own}/audit/1$2`);
    expect(fetched.answeredAt).toEqual(new Date('2026-03-10T12:00:07Z'));
    expect(isOpen).toBe(true);
    fetched.discard();
    await vi.waitUntil(() => !isOpen, 30_000);
  });
});

describe('a listing', () => {
  it('says when Microsoft answered', async () => {
    const feed = await serve((_request, response) => {
      response.setHeader('Date', 'Tue, 10 Mar 2026 12:00:07 GMT').end('[]');
    });
    for await (const page of createFeed(feed.root).listContent(tenant, 'Audit.Exchange', window))
      expect(page.answeredAt).toEqual(new Date('2026-03-10T12:00:07Z'));
  });

  it('whose page is far too large when it is decompressed is refused, in little memory', async () => {
    const blanks = await gzippedBlanks(384);
    const before = peakMb();
    const feed = await serve((_request, response) => {
      response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Type': 'application/json' }).end(blanks);
    });
    await expect(pagesOf(feed.root)).rejects.toMatchObject({ action: 'retry', code: 'AnswerTooLarge' });
    expect(blanks.length).toBeLessThan(mebibyte / 2);
    expect(peakMb() - before).toBeLessThan(100);
  });
});

describe('an answer of the feed', () => {
  it('is read as UTC if times have no zone', async () => {
    const item = {
      ...soundItem(''),
      ...{ contentCreated: '2026-03-10T11:00:00.123', contentExpiration: '2026-03-17T11:00:00.123Z' },
    };
    const { contents } = await listed((root) => [{ ...item, contentUri: soundItem(root).contentUri }]);
    expect(contents).toMatchObject([
      {
        contentCreated: new Date('2026-03-10T11:00:00.123Z'),
        contentExpiration: new Date('2026-03-17T11:00:00.123Z'),
      },
    ]);
  });

  it.each(['<html>Please sign in</html>', '{}', ''])(
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

describe('a list of subscriptions', () => {
  it('is read although items of it are odd', async () => {
    const items = [null, { status: 'enabled' }, { contentType: 'A', status: 7 }, { contentType: 'B' }];
    const feed = await serve((_request, response) => response.end(JSON.stringify(items)));
    expect(await createFeed(feed.root).listSubscriptions(tenant)).toEqual([
      { contentType: 'A', enabled: true, webhook: 'none' },
      { contentType: 'B', enabled: true, webhook: 'none' },
    ]);
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

import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createExchangeAdmin } from '../../../shared/adapters/exchange/exchange-admin.ts';
import type { MailboxPage } from '../../../shared/enablement/exchange-admin.ts';
import { closeServer, listenLocally } from '../../support/local-server.ts';
import { fabrikamId, tenantNamed } from '../../support/tenants.ts';

const tenant = tenantNamed('Fabrikam', { tenantId: fabrikamId });
const servers: Server[] = [];

afterEach(() => {
  return Promise.all(servers.splice(0).map(closeServer));
});

interface Answer {
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

/** An endpoint that returns these answers in turn. */
async function serve(answersOf: (root: string) => readonly Answer[]) {
  const asked: { readonly url: string; readonly headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    const answer = answersOf(root)[asked.length];
    asked.push({ url: request.url ?? '', headers: request.headers });
    request.resume();
    for (const [name, value] of Object.entries(answer?.headers ?? {})) response.setHeader(name, value);
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(answer?.body ?? {}));
  });
  servers.push(server);
  const root = `http://127.0.0.1:${await listenLocally(server)}`;
  const tokens = {
    token: () => Promise.resolve('token'),
    freshToken: () => Promise.resolve('token'),
    renew: () => undefined,
  };
  return { asked, exchange: createExchangeAdmin({ tokens, exchangeUrl: root, retryBaseMs: 1 }) };
}

const row = (name: string, changes: object = {}) => ({
  ...{ ExchangeGuid: name, UserPrincipalName: name, DisplayName: name, RecipientTypeDetails: 'UserMailbox' },
  ...{ AuditEnabled: true, AuditLogAgeLimit: '90.00:00:00', DefaultAuditSet: 'Admin, Delegate' },
  ...{ AuditAdmin: ['Update'], AuditDelegate: [], AuditOwner: [], ...changes },
});

async function read(pages: AsyncIterable<MailboxPage>): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { mailboxes } of pages) ids.push(...mailboxes.map(({ id }) => id));
  return ids;
}

const link = (root: string) => ({
  '@odata.nextLink': `${root}/adminapi/beta/${fabrikamId}/InvokeCommand?page=2`,
});

describe('a list of mailboxes', () => {
  it('is continued on the same server: with its cookies and anchor', async () => {
    const { exchange, asked } = await serve((root) => [
      {
        body: { value: [row('a')], ...link(root) },
        headers: { 'Set-Cookie': ['ClientId=1; path=/; secure', 'Backend=7; HttpOnly'] },
      },
      { body: { value: [row('b')] } },
    ]);
    expect(await read(exchange.listMailboxes(tenant, { all: true }))).toEqual(['a', 'b']);
    expect(asked.map(({ headers }) => headers.cookie)).toEqual([undefined, 'ClientId=1; Backend=7']);
    expect(new Set(asked.map(({ headers }) => headers['x-anchormailbox'])).size).toBe(1);
  });

  it('is not followed to another host', async () => {
    const elsewhere = { '@odata.nextLink': 'https://elsewhere.example/adminapi' };
    const { exchange, asked } = await serve(() => [{ body: { value: [row('a')], ...elsewhere } }]);
    await expect(read(exchange.listMailboxes(tenant, { all: true }))).rejects.toMatchObject({
      ...{ action: 'fail', code: 'ForeignHost' },
    });
    expect(asked).toHaveLength(1);
  });

  it('can have empty rows, and texts in place of lists', async () => {
    const nothing = { UserPrincipalName: null, DisplayName: null, AuditLogAgeLimit: null, AuditAdmin: null };
    const { exchange } = await serve(() => [{ body: { value: [row('a', nothing), row('b')] } }]);
    const found: unknown[] = [];
    for await (const { mailboxes } of exchange.listMailboxes(tenant, { all: true })) found.push(...mailboxes);
    expect(found).toMatchObject([
      { userPrincipalName: 'a', auditLogAgeDays: undefined, actions: { admin: [] } },
      { auditLogAgeDays: 90, managedByMicrosoft: ['admin', 'delegate'] },
    ]);
  });

  it('that is none is reported as a defect of Exchange', async () => {
    const { exchange } = await serve(() => [{ body: { answer: 1 } }]);
    await expect(read(exchange.listMailboxes(tenant, { all: true }))).rejects.toMatchObject({
      ...{ name: 'UpstreamError', code: 'UnexpectedAnswer', action: 'retry' },
    });
  });
});

describe('a batch', () => {
  const changes = ['a', 'b'].map((id) => ({ mailbox: { id, userPrincipalName: id }, auditEnabled: true }));

  it('is matched by id, whatever the order', async () => {
    const refused = { error: { message: 'No.' } };
    const { exchange } = await serve(() => [
      {
        body: {
          responses: [
            { id: '2', status: 400, body: refused },
            { id: '1', status: 200 },
          ],
        },
      },
    ]);
    expect(await exchange.changeMailboxes(tenant, changes)).toEqual([undefined, 'Exchange answered: No.']);
  });

  it('with a missing answer requests it again', async () => {
    const { exchange, asked } = await serve(() => [
      { body: { responses: [{ id: '1', status: 200 }] } },
      { body: { responses: [{ id: '1', status: 200 }] } },
    ]);
    expect(await exchange.changeMailboxes(tenant, changes)).toEqual([undefined, undefined]);
    expect(asked).toHaveLength(2);
  });

  it('without commands sends no request', async () => {
    const { exchange, asked } = await serve(() => []);
    expect(await exchange.changeMailboxes(tenant, [])).toEqual([]);
    expect(asked).toEqual([]);
  });
});

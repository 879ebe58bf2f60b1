/** Requests with bodies that are too large, too long, or never end leave the app as it was for everyone else. */
import { connect } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiKeyStore } from '../../../shared/adapters/tables/api-key-store.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { issueKey } from '../access/credentials.ts';
import { startWholeApp, type WholeApp } from '../access/whole-app.ts';

let app: WholeApp;
let keyed: Readonly<Record<string, string>>;

beforeAll(async () => {
  app = await startWholeApp();
  const { connectionString } = app;
  const keys = createApiKeyStore(createTables({ kind: 'connectionString', connectionString }));
  keyed = { 'x-api-key': await issueKey({ keys }, '*') };
});

afterAll(() => app.stop());

const chunk = Buffer.alloc(10_000, ' ');
const signedNow = () => ({
  'webhook-id': 'msg_1',
  'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
  'webhook-signature': 'v1,AAAA',
});

/** In chunks, so that its size is not known before. */
async function send(path: string, bytes: number, headers: Readonly<Record<string, string>>): Promise<number> {
  let left = bytes / chunk.length;
  const body = new ReadableStream({
    pull: (controller) => {
      if (left-- > 0) controller.enqueue(chunk);
      else controller.close();
    },
  });
  const response = await fetch(`${app.baseUrl}/${path}`, {
    ...{ method: 'POST', body, duplex: 'half', signal: AbortSignal.timeout(20_000) },
    headers: { 'content-type': 'application/json', ...headers },
  });
  await response.text();
  return response.status;
}

/** One after the other: each may get the connection that the one before it left behind. */
async function othersAreServed(): Promise<void> {
  for (let each = 0; each < 3; each++) {
    const { status } = await fetch(`${app.baseUrl}/health`, { signal: AbortSignal.timeout(5000) });
    expect(status).toBe(200);
  }
}

describe('a body in chunks that is refused', () => {
  it.each([
    ['a stranger, to a webhook', 'webhooks/enablement', () => ({}), 401],
    ['a stranger, to a webhook, as if signed', 'webhooks/enablement', signedNow, 413],
    ['a caller with a key', 'tenants', () => keyed, 413],
    ['a caller with a key, to a webhook', 'webhooks/enablement', () => keyed, 413],
    ['a caller who may repeat it', 'tenants', () => ({ ...keyed, 'idempotency-key': 'key-1' }), 413],
    ['a stranger', 'tenants', () => ({}), 401],
  ])('of %s does not stop the next request', async (_, path, headers, status) => {
    for (let each = 0; each < 3; each++) {
      expect(await send(path, 200_000, headers())).toBe(status);
      await othersAreServed();
    }
  });

  it.each([10_000_000, 30_000_000])('of %i bytes is answered', async (bytes) => {
    expect(await send('tenants', bytes, keyed)).toBe(413);
    await othersAreServed();
  });
});

describe('a body that breaks off', () => {
  it('does not stop the next request', async () => {
    const { hostname, port } = new URL(app.baseUrl);
    for (let each = 0; each < 3; each++) {
      const socket = connect(Number(port), hostname);
      await once(socket, 'connect');
      const head = ['POST /api/tenants HTTP/1.1', 'host: x', `x-api-key: ${keyed['x-api-key'] ?? ''}`];
      const rest = ['content-type: application/json', 'transfer-encoding: chunked', '', '5', '{"a":', ''];
      socket.write([...head, ...rest].join('\r\n'));
      // The app has begun to read.
      await fetch(`${app.baseUrl}/tenants`, { headers: keyed });
      socket.destroy();
      await othersAreServed();
    }
  });
});

/** HTTPS to receivers: names, certificates, and what is left of an answer. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createHttpsClient,
  resultOfUnreached,
  type HttpsRequest,
} from '../../../shared/adapters/destinations/https-client.ts';
import { testByHttps } from '../../../shared/adapters/destinations/https-test.ts';
import { allowedIn } from '../../../shared/destinations/allowed-hosts.ts';
import { startHttpsStandIn, type HttpsStandIn } from '../../support/destinations/https-stand-in.ts';
import { senderContext } from '../../support/destinations/sender-context.ts';
import { closeServer, listenLocally } from '../../support/local-server.ts';

const addresses: Readonly<Record<string, readonly string[]>> = {
  localhost: ['127.0.0.1'],
  'other.example': ['127.0.0.1'],
  'mixed.example': ['192.0.2.1', '127.0.0.1'],
};

describe('the HTTPS client of destinations', () => {
  let standIn: HttpsStandIn;
  beforeAll(async () => {
    standIn = await startHttpsStandIn({ count: () => 0, take: () => undefined });
  });
  afterAll(() => standIn.stop());

  const clientFor = (isAllowed: (address: string) => boolean) =>
    createHttpsClient(senderContext({ isAllowed }), standIn.ca, (name) => {
      const found = addresses[name]?.map((address) => ({ address, family: 4 }));
      if (found !== undefined) return Promise.resolve(found);
      return Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));
    });

  const requestTo = (origin: string): HttpsRequest => ({ method: 'POST', url: origin, headers: {} });

  async function asked(host: string, isAllowed = allowedIn(['127.0.0.0/8'])) {
    const client = clientFor(isAllowed);
    try {
      return await client.request(requestTo(`https://${host}:${standIn.port}`), AbortSignal.timeout(30_000));
    } finally {
      await client.close();
    }
  }

  it('connects to an allowed address of a name that the certificate is for', async () => {
    expect(await asked('localhost')).toMatchObject({ status: 200 });
  });

  it('compresses a body where it is to, and says so', async () => {
    const client = clientFor(allowedIn(['127.0.0.0/8']));
    const url = `https://localhost:${standIn.port}`;
    const body = Buffer.from('x'.repeat(10_000));
    for (const gzip of [true, false]) {
      const request = { ...requestTo(url), body, gzip };
      expect(await client.request(request, AbortSignal.timeout(30_000))).toMatchObject({ status: 200 });
      const came = standIn.requests.at(-1);
      expect(came?.headers['content-encoding']).toBe(gzip ? 'gzip' : undefined);
      expect(came?.content.equals(body)).toBe(true);
      expect((came?.sent.length ?? 0) < 1000).toBe(gzip);
    }
    await client.close();
  });

  it('refuses a name when one of its addresses is not allowed', async () => {
    const before = standIn.requests.length;
    expect(await asked('localhost', allowedIn([]))).toMatchObject({ code: 'AddressRefused' });
    expect(await asked('mixed.example')).toMatchObject({ code: 'AddressRefused' });
    expect(standIn.requests).toHaveLength(before);
  });

  it('refuses a certificate for another name', async () => {
    const answer = await asked('other.example');
    expect(answer).toEqual({ status: undefined, code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    expect(resultOfUnreached({ status: undefined, code: 'ERR_TLS_CERT_ALTNAME_INVALID' })).toMatchObject({
      outcome: 'misconfigured',
    });
  });

  it('says in a test that there is no such name', async () => {
    const client = clientFor(() => true);
    const steps = await testByHttps(
      client,
      requestTo('https://none.example'),
      {},
      AbortSignal.timeout(30_000),
    );
    expect(steps).toMatchObject([{ step: 'resolve', succeeded: false, detail: 'ENOTFOUND' }]);
    await client.close();
  });

  it('says when the receiver does not speak TLS', async () => {
    const plain = createServer((socket) => {
      socket.on('error', () => undefined).on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    const port = await listenLocally(plain);
    const client = clientFor(() => true);
    const answer = await client.request(requestTo(`https://127.0.0.1:${port}`), AbortSignal.timeout(30_000));
    if (answer.status !== undefined) throw new Error('It answered.');
    expect(resultOfUnreached(answer)).toMatchObject({
      outcome: 'misconfigured',
      cause: expect.stringContaining('TLS') as string,
    });
    await client.close();
    await closeServer(plain);
  });

  it('reads the first megabyte of an answer, and ends the connection of a longer one', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    standIn.respond((_, response) => {
      closed = once(response, 'close');
      const endless = () => {
        while (response.write('é'.repeat(10_000)));
      };
      response.writeHead(200).on('drain', endless);
      endless();
    });
    const answer = await asked('localhost');
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.status === undefined ? 0 : Buffer.byteLength(answer.text)).toBe(1024 * 1024);
    await closed;
    standIn.respond(undefined);
  });

  it('takes an answer that is cut for none', async () => {
    standIn.respond((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy());
    });
    expect(await asked('localhost')).toMatchObject({ status: undefined, code: 'ECONNRESET' });
    standIn.respond(undefined);
  });

  it('does not decompress answers', async () => {
    standIn.respond((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip');
    });
    expect(await asked('localhost')).toMatchObject({ status: 200, text: 'not gzip' });
    expect(standIn.requests.at(-1)?.headers['accept-encoding']).toBe('identity');
    standIn.respond(undefined);
  });
});

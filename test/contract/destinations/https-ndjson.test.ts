/** What senders promise, kept by the one that sends lines of JSON by HTTPS; and what is special about it. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openHttpsNdjson } from '../../../shared/adapters/destinations/https-ndjson.ts';
import { bindKind, type ConfiguredKind, type SenderContext } from '../../../shared/destinations/kind.ts';
import { httpsNdjson } from '../../../shared/destinations/kinds/https-ndjson.ts';
import type { OutgoingRecord } from '../../../shared/destinations/outgoing.ts';
import {
  startHttpsStandIn,
  type HttpsStandIn,
  type StandInRequest,
} from '../../support/destinations/https-stand-in.ts';
import { outgoingRecord, outgoingText } from '../../support/destinations/outgoing-records.ts';
import { anySecret, senderContext } from '../../support/destinations/sender-context.ts';
import { startWebhookReceiver } from '../../support/webhook-receiver.ts';
import { behaviors, describeSender, type Receiver } from './senders.ts';

const kind = bindKind(httpsNdjson, openHttpsNdjson);
const record = z.looseObject({ Id: z.string() });
const received = z.union([z.object({ record }).transform((envelope) => envelope.record), record]);

/** Records of a request; what tests of destinations send is none. */
function recordsIn({ content, headers }: StandInRequest): readonly string[] {
  const text = content.toString('utf8');
  const values: unknown[] =
    headers['content-type'] === 'application/json'
      ? z.array(z.unknown()).parse(JSON.parse(text))
      : text.split('\n').flatMap((line): unknown[] => (line === '' ? [] : [JSON.parse(line)]));
  return values.flatMap((value) => received.safeParse(value).data?.Id ?? []);
}

const credential = { secret: 'destination-any' };

function receiverWith(settings: object): () => Promise<Receiver> {
  return async () => {
    const ids: string[] = [];
    const standIn = await startHttpsStandIn({
      count: (request) => recordsIn(request).length,
      check: ({ headers }) => (headers.authorization === `Bearer ${anySecret}` ? undefined : { status: 401 }),
      take: (request) => ids.push(...recordsIn(request)),
    });
    const { origin: url, ca: certificateAuthority, behave } = standIn;
    return {
      kind: kind.configured({ url, certificateAuthority, credential, ...settings }),
      context: senderContext(),
      behave,
      received: () => Promise.resolve(ids),
      close: standIn.stop,
    };
  };
}

describe.each([
  ['compressed lines', {}],
  ['an array', { layout: 'array', gzip: false }],
  ['lines in envelopes, by PUT', { content: 'envelope', gzip: false, method: 'PUT' }],
])('the sender of %s', (_, settings) => {
  describeSender({
    open: receiverWith(settings),
    keepsDuplicates: httpsNdjson.keepsDuplicates,
    shows: behaviors,
  });
});

describe('the sender of lines by HTTPS', () => {
  let standIn: HttpsStandIn;
  beforeAll(async () => {
    standIn = await startHttpsStandIn({
      count: () => 0,
      take: () => undefined,
    });
  });
  afterEach(() => {
    standIn.respond(undefined);
    standIn.behave(undefined);
  });
  afterAll(() => standIn.stop());

  const configured = (settings: object = {}): ConfiguredKind =>
    kind.configured({ url: standIn.origin, certificateAuthority: standIn.ca, ...settings });

  async function sent(
    settings: object = {},
    records: readonly OutgoingRecord[] = [outgoingRecord()],
    {
      signal = new AbortController().signal,
      ...context
    }: Partial<SenderContext> & { signal?: AbortSignal } = {},
  ) {
    const { encode, open } = configured(settings);
    const sender = open(senderContext(context));
    try {
      return await sender.send({ id: 'batch-1', records: records.map(encode) }, signal);
    } finally {
      await sender.close();
    }
  }

  async function tested(settings: object = {}, context: Partial<SenderContext> = {}) {
    const sender = configured(settings).open(senderContext(context));
    try {
      return await sender.test(AbortSignal.timeout(30_000));
    } finally {
      await sender.close();
    }
  }

  const lastRequest = (): StandInRequest => {
    const request = standIn.requests.at(-1);
    if (request === undefined) throw new Error('Nothing was sent.');
    return request;
  };

  it('writes each record on its line, byte for byte', async () => {
    const texts = ['{"Id" : 1e400,"x":"\u2028\\ud800\\/"}', '{"Id":"ä\u{1F600}","Id":"again"}'];
    await sent(
      { gzip: false },
      texts.map((text) => outgoingText(text)),
    );
    expect(lastRequest().sent.toString('utf8')).toBe(texts.map((text) => `${text}\n`).join(''));
  });

  it('compresses the same bytes', async () => {
    await sent({}, [outgoingText('{"a":1}')]);
    const { sent: bytes, content, headers } = lastRequest();
    expect(headers['content-encoding']).toBe('gzip');
    expect(bytes).toEqual(gzipSync('{"a":1}\n'));
    expect(content.toString()).toBe('{"a":1}\n');
  });

  it('says what it sends, which batch, and who it is', async () => {
    await sent({ headers: { 'X-Tag': 'audit' } });
    expect(lastRequest()).toMatchObject({
      method: 'POST',
      headers: {
        'content-type': 'application/x-ndjson',
        'user-agent': 'Auditkeep',
        'x-auditkeep-batch': 'batch-1',
        'x-tag': 'audit',
      },
    });
    await sent({ layout: 'array', headers: { 'Content-Type': 'application/vnd.example+json' } });
    expect(lastRequest().headers['content-type']).toBe('application/vnd.example+json');
  });

  it('sends the secret in the header that the settings name', async () => {
    await sent({ credential: { header: 'X-Api-Key', prefix: '', secret: 'destination-any' } });
    expect(lastRequest().headers['x-api-key']).toBe(anySecret);
    expect(lastRequest().headers.authorization).toBeUndefined();
  });

  it.each(['\r\nX-Admin: yes', '\n', '\0', 'ключ'])(
    'sends nothing with a secret that a header cannot hold: %j',
    async (tail) => {
      const before = standIn.requests.length;
      const context = { secret: () => Promise.resolve(`${anySecret}${tail}`) };
      const result = await sent({ credential }, undefined, context);
      expect(result).toMatchObject({ outcome: 'misconfigured' });
      const steps = await tested({ credential }, context);
      expect(steps).toMatchObject([{ step: 'authenticate', succeeded: false }]);
      expect(JSON.stringify([result, steps])).not.toContain(anySecret);
      expect(standIn.requests).toHaveLength(before);
    },
  );

  it('never repeats the secret, whatever the receiver answers', async () => {
    standIn.respond(({ headers }, response) => {
      response.writeHead(401, { 'x-echo': headers.authorization }).end(headers.authorization);
    });
    const results = [await sent({ credential }), await tested({ credential })];
    expect(JSON.stringify(results)).not.toContain(anySecret);
  });

  it('follows no redirect', async () => {
    const other = await startHttpsStandIn({ count: () => 0, take: () => undefined });
    try {
      for (const status of [301, 302, 303, 307, 308]) {
        standIn.respond((_, response) => response.writeHead(status, { location: other.origin }).end());
        const result = await sent({ credential });
        expect(result).toMatchObject({
          outcome: 'misconfigured',
          cause: expect.stringContaining(`${status}`) as string,
        });
        expect(result).toMatchObject({ nextStep: expect.stringContaining('redirect') as string });
      }
      expect(other.requests).toEqual([]);
    } finally {
      await other.stop();
    }
  });

  it.each([
    [200, { outcome: 'accepted' }],
    [202, { outcome: 'accepted' }],
    [204, { outcome: 'accepted' }],
    [400, { outcome: 'refused' }],
    [422, { outcome: 'refused' }],
    [413, { outcome: 'tooLarge' }],
    [408, { outcome: 'retry' }],
    [425, { outcome: 'retry' }],
    [429, { outcome: 'retry' }],
    [500, { outcome: 'retry' }],
    [507, { outcome: 'retry' }],
    [401, { outcome: 'misconfigured' }],
    [402, { outcome: 'misconfigured' }],
    [403, { outcome: 'misconfigured' }],
    [404, { outcome: 'misconfigured' }],
    [405, { outcome: 'misconfigured' }],
    [415, { outcome: 'misconfigured' }],
  ])('takes %i for %o', async (status, expected) => {
    standIn.respond((_, response) => response.writeHead(status).end());
    expect(await sent()).toMatchObject(expected);
  });

  it('waits as long as the receiver wants, in seconds or until a time', async () => {
    standIn.behave('busy');
    expect(await sent()).toMatchObject({ outcome: 'retry', afterMs: 7000 });
    standIn.respond((_, response) =>
      response.writeHead(503, { 'retry-after': 'Mon, 02 Mar 2026 08:11:00 GMT' }).end(),
    );
    expect(await sent()).toMatchObject({ outcome: 'retry', afterMs: 60_000 });
  });

  it('takes an answer for what its status says, however long it is', async () => {
    standIn.respond((_, response) => {
      const endless = () => {
        while (response.write(Buffer.alloc(64 * 1024, 'a')));
      };
      response.writeHead(200).on('drain', endless);
      endless();
    });
    expect(await sent()).toEqual({ outcome: 'accepted' });
  });

  it('ends with its signal while the receiver says nothing', async () => {
    const ending = new AbortController();
    standIn.respond(() => {
      ending.abort();
    });
    expect(await sent({}, undefined, { signal: ending.signal })).toMatchObject({ outcome: 'retry' });
  });

  it('ends with its signal while the receiver says little by little', async () => {
    const ending = new AbortController();
    standIn.respond((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('a');
      response.on('close', () => response.end());
      setImmediate(() => {
        ending.abort();
      });
    });
    expect(await sent({}, undefined, { signal: ending.signal })).toMatchObject({ outcome: 'retry' });
  });

  it('sends nothing after its signal', async () => {
    const before = standIn.requests.length;
    expect(await sent({}, undefined, { signal: AbortSignal.abort() })).toMatchObject({ outcome: 'retry' });
    expect(standIn.requests).toHaveLength(before);
  });

  it.each(['https://127.0.0.1:PORT', 'https://[::ffff:127.0.0.1]:PORT', 'https://2130706433:PORT'])(
    'refuses addresses of this network unless they are allowed: %s',
    async (url) => {
      const before = standIn.requests.length;
      const settings = { url: url.replace('PORT', String(standIn.port)) };
      const context = { isAllowed: () => false };
      expect(await sent(settings, undefined, context)).toMatchObject({
        outcome: 'misconfigured',
        nextStep: expect.stringContaining('AUDITKEEP_DESTINATION_NETWORKS') as string,
      });
      expect(await tested(settings, context)).toMatchObject([{ step: 'connect', succeeded: false }]);
      expect(standIn.requests).toHaveLength(before);
    },
  );

  it('does not trust a certificate of another authority', async () => {
    const other = await startWebhookReceiver((_request, _body, response) => response.end());
    try {
      const settings = { url: other.url, certificateAuthority: standIn.ca };
      const untrusted = { outcome: 'misconfigured', cause: expect.stringContaining('certificate') as string };
      expect(await sent(settings)).toMatchObject(untrusted);
      expect(await sent({ ...settings, certificateAuthority: undefined })).toMatchObject(untrusted);
      expect(await tested(settings)).toMatchObject([{ step: 'connect', succeeded: false }]);
    } finally {
      await other.stop();
    }
  });

  it('says that the authority in the settings cannot be read', async () => {
    const certificateAuthority = '-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n';
    expect(await sent({ certificateAuthority })).toMatchObject({
      outcome: 'misconfigured',
      cause: expect.stringContaining('certificate') as string,
    });
  });

  it('retries where no one listens', async () => {
    const gone = await startWebhookReceiver(() => undefined);
    await gone.stop();
    expect(await sent({ url: gone.url })).toEqual({ outcome: 'retry', cause: 'ECONNREFUSED' });
    expect(await tested({ url: gone.url })).toMatchObject([{ step: 'connect', detail: 'ECONNREFUSED' }]);
  });

  it.each([
    [401, ['connect', 'authenticate']],
    [403, ['connect', 'authorize']],
    [302, ['connect', 'send']],
    [404, ['connect', 'send']],
    [503, ['connect', 'send']],
  ])('says in its test how far it came: %i', async (status, steps) => {
    standIn.respond((_, response) => response.writeHead(status).end());
    const found = await tested();
    expect(found.map(({ step }) => step)).toEqual(steps);
    expect(found.at(-1)).toMatchObject({ succeeded: false, nextStep: expect.any(String) as string });
  });

  it.each([{ layout: 'lines' }, { layout: 'array' }, { content: 'envelope' }])(
    'tests with a marked object that is not a record: %o',
    async (settings) => {
      expect((await tested({ gzip: false, ...settings })).every(({ succeeded }) => succeeded)).toBe(true);
      const text = lastRequest().content.toString('utf8');
      const value: unknown = JSON.parse(text);
      expect(Array.isArray(value) ? value : [value]).toEqual([
        { auditkeep: 'test', message: expect.stringContaining('not an audit record') as string },
      ]);
      expect(lastRequest().headers['x-auditkeep-batch']).toBe('test');
    },
  );

  it('keeps its connection for the next batch, until it is closed', async () => {
    const sockets = new Set<Socket>();
    standIn.respond((_, response) => {
      if (response.socket !== null) sockets.add(response.socket);
      response.end();
    });
    const { encode, open } = configured();
    const sender = open(senderContext());
    const batch = { id: 'a', records: [encode(outgoingRecord())] };
    for (let at = 0; at < 3; at++) await sender.send(batch, AbortSignal.timeout(30_000));
    expect(sockets.size).toBe(1);
    const closed = Promise.all([...sockets].map((socket) => once(socket, 'close')));
    await sender.close();
    await closed;
  });
});

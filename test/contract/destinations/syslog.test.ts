/** What senders promise, kept by the one that sends messages of syslog; against a real rsyslog, and a server that fails. */
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openSyslog } from '../../../shared/adapters/destinations/syslog.ts';
import { bindKind, type DestinationSender, type SenderContext } from '../../../shared/destinations/kind.ts';
import { syslog } from '../../../shared/destinations/kinds/syslog.ts';
import type { OutgoingRecord } from '../../../shared/destinations/outgoing.ts';
import { createServerCertificate } from '../../simulator/ca.ts';
import { outgoingRecord, outgoingText } from '../../support/destinations/outgoing-records.ts';
import { senderContext } from '../../support/destinations/sender-context.ts';
import { createClientAuthority, type ClientAuthority } from '../../support/rsyslog/authority.ts';
import {
  rsyslogVersion,
  startRsyslog,
  type ReceivedMessage,
  type Rsyslog,
} from '../../support/rsyslog/server.ts';
import { describeSender } from './senders.ts';

const kind = bindKind(syslog, openSyslog);
const host = '127.0.0.1';

interface Listening {
  readonly ca: string;
  readonly port: number;
}

function settingsFor({ ca: certificateAuthority, port }: Listening) {
  return { host, port, certificateAuthority };
}

interface Options {
  readonly settings?: object;
  readonly context?: Partial<SenderContext>;
  readonly signal?: AbortSignal;
}

async function withSender<T>(
  to: Listening,
  { settings = {}, context = {} }: Options,
  use: (sender: DestinationSender) => Promise<T>,
): Promise<T> {
  const sender = kind.configured({ ...settingsFor(to), ...settings }).open(senderContext(context));
  try {
    return await use(sender);
  } finally {
    await sender.close();
  }
}

function send(to: Listening, records: readonly OutgoingRecord[], options: Options = {}) {
  const { encode } = kind.configured({ ...settingsFor(to), ...options.settings });
  const signal = options.signal ?? AbortSignal.timeout(30_000);
  return withSender(to, options, (sender) =>
    sender.send({ id: 'batch-1', records: records.map(encode) }, signal),
  );
}

function test(to: Listening, options: Options = {}) {
  return withSender(to, options, (sender) => sender.test(AbortSignal.timeout(30_000)));
}

function idIn({ data }: ReceivedMessage): readonly string[] {
  return /\bid="([^"]*)"/.exec(data)?.slice(1) ?? [];
}

const secretOf = (pem: string): Partial<SenderContext> => ({ secret: () => Promise.resolve(pem) });
const clientCertificate = 'destination-any';

describe.runIf(rsyslogVersion !== undefined)('to a real rsyslog,', () => {
  describeSender({
    keepsDuplicates: syslog.keepsDuplicates,
    shows: [],
    open: async () => {
      const server = await startRsyslog();
      return {
        kind: kind.configured(settingsFor(server)),
        context: senderContext(),
        behave: () => undefined,
        received: async () => (await server.messages()).flatMap(idIn),
        close: server.stop,
      };
    },
  });

  describe('the sender', () => {
    let server: Rsyslog;
    beforeAll(async () => {
      server = await startRsyslog();
    });
    afterAll(() => server.stop());

    async function received(record: OutgoingRecord, settings: object = {}): Promise<ReceivedMessage> {
      expect(await send(server, [record], { settings })).toEqual({ outcome: 'accepted' });
      const found = (await server.messages()).findLast((message) => idIn(message).includes(record.id));
      if (found === undefined) throw new Error('The message did not arrive.');
      return found;
    }

    it('has each part of the header where the receiver looks for it', async () => {
      const record = outgoingRecord({ Operation: 'Add member to role.' }, { tenantName: 'Fabrikam Ltd' });
      expect(await received(record)).toEqual({
        pri: '110',
        time: '2026-03-02T08:00:00.000Z',
        host: 'Fabrikam-Ltd',
        app: 'auditkeep',
        id: 'Add-member-to-role.',
        data: `[auditkeep@32473 tenantId="${record.tenantId}" tenantName="Fabrikam Ltd" id="${record.id}" sequence="${record.place.sequence}.${record.place.line}"]`,
        msg: record.text.toString('utf8'),
      });
    });

    it('delivers the record byte for byte', async () => {
      const text = '{"Id":"x",  "n":12345678901234567890,"a":"\\u00e4\\/ä€😀\u2028\u202e","a":1}';
      expect((await received(outgoingText(text))).msg).toBe(text);
    });

    it.each(['json', 'cef', 'leef'])('delivers hostile texts as one message of %s each', async (format) => {
      const texts = [
        'a\nb',
        '\r\n<110>1 - - - - - -',
        'a|b',
        'a=b act=c',
        'a^b',
        '\0\u0007\u009b',
        '\ud800',
        '\u202eabc',
        '"]\\',
        '12 <1>',
      ];
      const records = texts.map((text) =>
        outgoingRecord({ Operation: text, ObjectId: text }, { tenantName: text }),
      );
      expect(await send(server, records, { settings: { format } })).toEqual({ outcome: 'accepted' });
      const ids = (await server.messages()).slice(-records.length).flatMap(idIn);
      expect(ids).toEqual(records.map(({ id }) => id));
    });

    it('delivers messages as long as the receiver takes them, and the ones after them', async () => {
      const records = [60_000, 10, 8192].map((length) => outgoingRecord({ Data: 'ä'.repeat(length / 2) }));
      expect(await send(server, records, { settings: { maxMessageBytes: 65_000 } })).toEqual({
        outcome: 'accepted',
      });
      const messages = (await server.messages()).slice(-3);
      expect(messages.map(({ msg }) => msg)).toEqual(records.map(({ text }) => text.toString('utf8')));
    });

    it('says of a cut message that it is cut, and of which record it is', async () => {
      const record = outgoingRecord({ Data: 'a'.repeat(10_000) });
      const { data, msg } = await received(record);
      expect(data).toContain('truncated="true"');
      expect(JSON.parse(msg)).toMatchObject({
        AuditkeepTruncated: true,
        Id: record.id,
        Operation: 'FileDownloaded',
      });
    });

    it('delivers a whole batch over one connection, in order', async () => {
      const records = Array.from({ length: 1000 }, () => outgoingRecord());
      expect(await send(server, records)).toEqual({ outcome: 'accepted' });
      const ids = (await server.messages()).slice(-1000).flatMap(idIn);
      expect(ids).toEqual(records.map(({ id }) => id));
    });

    it('tests with a message that is not a record', async () => {
      expect(await test(server)).toMatchObject([
        { step: 'connect', succeeded: true },
        { step: 'send', succeeded: true },
      ]);
      expect((await server.messages()).at(-1)).toMatchObject({
        id: 'test',
        msg: expect.stringContaining('not an audit record') as string,
      });
    });
  });

  describe('that requires client certificates', () => {
    let authority: ClientAuthority;
    let server: Rsyslog;
    beforeAll(async () => {
      authority = await createClientAuthority('Disposable authority of clients');
      server = await startRsyslog({ clientCa: authority.caPem });
    });
    afterAll(() => server.stop());

    it('the sender shows its own', async () => {
      const options = { settings: { clientCertificate }, context: secretOf(await authority.issue()) };
      const record = outgoingRecord();
      expect(await send(server, [record], options)).toEqual({ outcome: 'accepted' });
      expect((await server.messages()).flatMap(idIn)).toEqual([record.id]);
      expect((await test(server, options)).every(({ succeeded }) => succeeded)).toBe(true);
    });

    it('nothing is delivered without one, or with one of another authority', async () => {
      const before = (await server.messages()).length;
      const other = await createClientAuthority('Another authority of clients');
      const foreign = { settings: { clientCertificate }, context: secretOf(await other.issue()) };
      for (let at = 0; at < 10; at++) {
        expect(await send(server, [outgoingRecord()])).not.toMatchObject({ outcome: 'accepted' });
        expect(await send(server, [outgoingRecord()], foreign)).not.toMatchObject({ outcome: 'accepted' });
      }
      expect((await test(server)).at(-1)).toMatchObject({ succeeded: false });
      expect(await server.messages()).toHaveLength(before);
    });
  });
});

describe('to a server that fails,', () => {
  let server: Server;
  let listening: Listening;
  let answer: (socket: TLSSocket) => void;
  const sockets = new Set<Socket>();
  let last: Socket | undefined;
  const reset = () => last?.resetAndDestroy();
  beforeAll(async () => {
    const { caPem, certificatePem, privateKeyPem } = await createServerCertificate();
    server = createServer({ cert: certificatePem, key: privateKeyPem, allowHalfOpen: true }, (socket) => {
      socket.on('error', () => undefined);
      answer(socket);
    });
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      last = socket;
    });
    server.listen(0, host);
    await once(server, 'listening');
    listening = {
      ca: caPem,
      port: z.object({ port: z.number() }).parse(server.address()).port,
    };
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });

  const cases: readonly (readonly [string, (socket: TLSSocket) => void])[] = [
    ['closes at once', (socket) => socket.end()],
    ['resets the connection', () => reset()],
    ['resets the connection after it has read everything', (socket) => socket.resume().on('end', reset)],
    [
      'stops reading, and closes',
      (socket) => {
        socket.once('data', () => socket.pause().destroy());
      },
    ],
  ];
  it.each(cases)('the sender sends again what it may not have: it %s', async (_, how) => {
    answer = how;
    const large = Array.from({ length: 900 }, () => outgoingRecord({ Data: 'a'.repeat(1000) }));
    expect(await send(listening, large)).toMatchObject({ outcome: 'retry' });
  });

  it('the sender writes all messages, ends its side, and waits for the other', async () => {
    const chunks: Buffer[] = [];
    answer = (socket) => {
      socket.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => socket.end());
    };
    const records = [outgoingRecord(), outgoingRecord({ Operation: 'ä' })];
    expect(await send(listening, records)).toEqual({ outcome: 'accepted' });
    const { encode } = kind.configured(settingsFor(listening));
    expect(Buffer.concat(chunks)).toEqual(Buffer.concat(records.map((record) => encode(record).body)));
  });

  it('the sender ends with its signal while the other side stays open', async () => {
    const ending = new AbortController();
    answer = (socket) => {
      socket.resume().on('end', () => {
        ending.abort();
      });
    };
    expect(await send(listening, [outgoingRecord()], { signal: ending.signal })).toEqual({
      outcome: 'retry',
      cause: 'Timeout',
    });
  });

  it('the sender does not connect after its signal, or where it may not', async () => {
    const before = sockets.size;
    expect(await send(listening, [outgoingRecord()], { signal: AbortSignal.abort() })).toMatchObject({
      outcome: 'retry',
    });
    for (const name of ['127.0.0.1', '::ffff:127.0.0.1']) {
      const options = { settings: { host: name }, context: { isAllowed: () => false } };
      expect(await send(listening, [outgoingRecord()], options)).toMatchObject({
        outcome: 'misconfigured',
        nextStep: expect.stringContaining('AUDITKEEP_DESTINATION_NETWORKS') as string,
      });
      expect(await test(listening, options)).toMatchObject([{ step: 'connect', succeeded: false }]);
    }
    expect(sockets.size).toBe(before);
  });

  it('the sender does not trust a certificate of another authority', async () => {
    const { caPem } = await createServerCertificate('other');
    for (const certificateAuthority of [caPem, undefined]) {
      expect(await send(listening, [outgoingRecord()], { settings: { certificateAuthority } })).toMatchObject(
        {
          outcome: 'misconfigured',
          cause: expect.stringContaining('certificate') as string,
        },
      );
    }
  });

  it.each([
    ['certificateAuthority', { certificateAuthority: '-----BEGIN CERTIFICATE-----\nnone' }, ''],
    ['clientCertificate', { clientCertificate }, 'no certificate'],
    [
      'clientCertificate',
      { clientCertificate },
      '-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----',
    ],
  ])('the sender says that it cannot read %s', async (_, settings, pem) => {
    const options = { settings, context: secretOf(pem) };
    const result = await send(listening, [outgoingRecord()], options);
    expect(result).toMatchObject({
      outcome: 'misconfigured',
      cause: expect.stringContaining('certificate') as string,
    });
    expect((await test(listening, options)).at(-1)).toMatchObject({ succeeded: false });
  });

  it('the sender retries where no one listens', async () => {
    const { port } = await new Promise<AddressInfo>((resolve) => {
      const gone = createServer().listen(0, host, () => {
        const address = gone.address() as AddressInfo;
        gone.close(() => {
          resolve(address);
        });
      });
    });
    expect(await send({ ...listening, port }, [outgoingRecord()])).toEqual({
      outcome: 'retry',
      cause: 'ECONNREFUSED',
    });
  });
});

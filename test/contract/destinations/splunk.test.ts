/** What senders promise, kept by the one that sends events to Splunk; against a stand-in with its codes. */
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createSplunkOpener } from '../../../shared/adapters/destinations/splunk.ts';
import { bindKind, type DestinationSender, type SenderContext } from '../../../shared/destinations/kind.ts';
import { splunk } from '../../../shared/destinations/kinds/splunk.ts';
import type { OutgoingRecord } from '../../../shared/destinations/outgoing.ts';
import { outgoingRecord, outgoingText } from '../../support/destinations/outgoing-records.ts';
import { anySecret, senderContext } from '../../support/destinations/sender-context.ts';
import {
  answerOf,
  startSplunk,
  type SplunkEvent,
  type SplunkStandIn,
} from '../../support/destinations/splunk-stand-in.ts';
import { behaviors, describeSender } from './senders.ts';

const waits = { firstMs: 1, longestMs: 4, giveUpMs: 60_000 };
const kind = bindKind(splunk, createSplunkOpener(waits));
const token = 'destination-any';
const recordSchema = z.looseObject({ Id: z.string() });

function idIn({ event }: SplunkEvent): string {
  return recordSchema.parse(event).Id;
}

function idsIn({ events }: SplunkStandIn): readonly string[] {
  return events.flatMap(({ event }) => recordSchema.safeParse(event).data?.Id ?? []);
}

const settingsFor = ({ origin: url, ca: certificateAuthority }: SplunkStandIn) => ({
  url,
  token,
  certificateAuthority,
});

describe.each([
  ['compressed events', false, {}],
  ['events to an index', false, { gzip: false, index: 'main' }],
  ['events that are acknowledged', true, { acknowledgements: true }],
])('the sender of %s', (_, acknowledges, settings) => {
  describeSender({
    keepsDuplicates: splunk.keepsDuplicates,
    shows: behaviors,
    open: async () => {
      const standIn = await startSplunk({ acknowledges });
      return {
        kind: kind.configured({ ...settingsFor(standIn), ...settings }),
        context: senderContext(),
        behave: standIn.behave,
        received: () => Promise.resolve(idsIn(standIn)),
        close: standIn.stop,
      };
    },
  });
});

interface Options {
  readonly settings?: object;
  readonly context?: Partial<SenderContext>;
  readonly signal?: AbortSignal;
  readonly of?: typeof kind;
}

async function withSender<T>(
  standIn: SplunkStandIn,
  use: (sender: DestinationSender) => Promise<T>,
  { settings = {}, context = {}, of = kind }: Options = {},
): Promise<T> {
  const sender = of.configured({ ...settingsFor(standIn), ...settings }).open(senderContext(context));
  try {
    return await use(sender);
  } finally {
    await sender.close();
  }
}

function batchOf(records: readonly OutgoingRecord[], settings: object = {}) {
  const { encode } = kind.configured({ url: 'https://splunk.example:8088', token, ...settings });
  return { id: 'batch-1', records: records.map(encode) };
}

function made(count: number): readonly OutgoingRecord[] {
  return Array.from({ length: count }, () => outgoingRecord());
}

describe('the sender to Splunk', () => {
  let standIn: SplunkStandIn;
  let from = 0;
  beforeAll(async () => {
    standIn = await startSplunk();
  });
  afterEach(() => {
    standIn.refuse(undefined);
    standIn.answer(undefined);
    standIn.behave(undefined);
    from = standIn.events.length;
  });
  afterAll(() => standIn.stop());

  const send = (records: readonly OutgoingRecord[], options: Options = {}) =>
    withSender(
      standIn,
      (sender) =>
        sender.send(batchOf(records, options.settings), options.signal ?? AbortSignal.timeout(30_000)),
      options,
    );
  const test = (options: Options = {}) =>
    withSender(standIn, (sender) => sender.test(AbortSignal.timeout(30_000)), options);
  const taken = () => standIn.events.slice(from).map(idIn);
  const idsOf = (records: readonly OutgoingRecord[]) => records.map(({ id }) => id);

  it('sends objects one after the other, with the token', async () => {
    const records = made(2);
    expect(await send(records)).toEqual({ outcome: 'accepted' });
    const request = standIn.requests.at(-1);
    expect(request).toMatchObject({
      method: 'POST',
      path: '/services/collector/event',
      headers: { authorization: `Splunk ${anySecret}`, 'content-encoding': 'gzip' },
    });
    expect(request?.headers).not.toHaveProperty('x-splunk-request-channel');
    const content = Buffer.concat(batchOf(records).records.flatMap(({ body }) => [body, Buffer.from('\n')]));
    expect(request?.sent).toEqual(gzipSync(content));
  });

  it('sends what comes after a refused event once, and names the refused one', async () => {
    const records = made(5);
    standIn.refuse((event) => (idIn(event) === records[2]?.id ? 6 : undefined));
    expect(await send(records)).toEqual({
      outcome: 'accepted',
      rejects: [{ index: 2, cause: 'Splunk answered 400, code 6 (invalid data format).' }],
    });
    expect(taken()).toEqual(idsOf(records).toSpliced(2, 1));
  });

  it.each([[[0]], [[4]], [[0, 1]], [[1, 3]], [[3, 4]], [[0, 1, 2, 3, 4]]])(
    'names each refused event: %j',
    async (bad) => {
      const records = made(5);
      const isBad = (_: unknown, index: number) => bad.includes(index);
      const refused = new Set(idsOf(records).filter(isBad));
      standIn.refuse((event) => (refused.has(idIn(event)) ? 15 : undefined));
      const result = await send(records);
      expect(result).toMatchObject({ outcome: 'accepted', rejects: bad.map((index) => ({ index })) });
      expect(taken()).toEqual(idsOf(records).filter((id) => !refused.has(id)));
    },
  );

  it('names an event without content', async () => {
    expect(await send([outgoingRecord(), outgoingText(''), outgoingText('null')])).toMatchObject({
      outcome: 'accepted',
      rejects: [
        { index: 1, cause: expect.stringContaining('code 13') as string },
        { index: 2, cause: expect.stringContaining('code 12') as string },
      ],
    });
  });

  it('does not send again what a busy server took', async () => {
    const records = made(5);
    standIn.refuse((event) => (idIn(event) === records[3]?.id ? 9 : undefined));
    expect(await send(records)).toMatchObject({ outcome: 'retry', acceptedFirst: 3 });
    expect(taken()).toEqual(idsOf(records).slice(0, 3));
  });

  it('continues at the first refused event if the server is busy after it', async () => {
    const records = made(5);
    const codes = new Map([
      [records[1]?.id, 6],
      [records[4]?.id, 9],
    ]);
    standIn.refuse((event) => codes.get(idIn(event)));
    expect(await send(records)).toMatchObject({ outcome: 'retry', acceptedFirst: 1 });
  });

  it('has smaller batches made when very many events are refused', async () => {
    standIn.refuse(() => 6);
    const before = standIn.requests.length;
    expect(await send(made(200))).toMatchObject({ outcome: 'refused' });
    expect(standIn.requests.length - before).toBeLessThan(60);
  });

  it.each([
    [answerOf(6), { outcome: 'refused' }],
    [answerOf(6, { 'invalid-event-number': 1 }), { outcome: 'refused' }],
    [answerOf(5), { outcome: 'refused' }],
    [answerOf(1), { outcome: 'misconfigured' }],
    [answerOf(2), { outcome: 'misconfigured' }],
    [answerOf(4), { outcome: 'misconfigured' }],
    [answerOf(7, { 'invalid-event-number': 0 }), { outcome: 'misconfigured' }],
    [
      answerOf(10),
      { outcome: 'misconfigured', nextStep: expect.stringContaining('set acknowledgements') as string },
    ],
    [answerOf(8), { outcome: 'retry' }],
    [answerOf(9), { outcome: 'retry' }],
    [
      { ...answerOf(9), headers: { 'retry-after': '7' } },
      { outcome: 'retry', afterMs: 7000 },
    ],
    [{ status: 200, body: '{"text":"Server is busy","code":9}' }, { outcome: 'retry' }],
    [{ status: 200, body: '{"text":"Token disabled","code":1}' }, { outcome: 'misconfigured' }],
    [{ status: 200, body: '{"text":"new","code":99}' }, { outcome: 'retry' }],
    [{ status: 429, body: '{"text":"queue","code":26}' }, { outcome: 'retry' }],
    [{ status: 503, body: '{"text":"Success","code":0}' }, { outcome: 'retry' }],
    [
      { status: 200, body: '<html>Sign in</html>' },
      { outcome: 'misconfigured', nextStep: expect.stringContaining('8088') as string },
    ],
    [{ status: 200 }, { outcome: 'misconfigured' }],
    [{ status: 200, body: '{"code":"0"}' }, { outcome: 'misconfigured' }],
    [{ status: 303 }, { outcome: 'misconfigured' }],
    [{ status: 404 }, { outcome: 'misconfigured' }],
    [{ status: 413 }, { outcome: 'tooLarge' }],
    [{ status: 502 }, { outcome: 'retry' }],
  ])('takes %j for %o', async (answer, expected) => {
    standIn.answer(answer);
    expect(await send(made(1))).toMatchObject(expected);
  });

  it('never repeats what the server says: it may be the record', async () => {
    standIn.answer({
      status: 400,
      body: '{"text":"bad: ada@fabrikam.example","code":6,"invalid-event-number":0}',
    });
    expect(JSON.stringify([await send(made(2)), await test()])).not.toContain('ada@');
  });

  it('says what an index is missing', async () => {
    const settings = { index: 'other' };
    expect(await send(made(1), { settings })).toMatchObject({
      outcome: 'misconfigured',
      nextStep: expect.stringContaining('allowed indexes') as string,
    });
    expect((await test({ settings })).at(-1)).toMatchObject({ step: 'send', succeeded: false });
  });

  it('tests with an event that is not a record', async () => {
    expect(await test()).toMatchObject([
      { step: 'connect', succeeded: true },
      { step: 'send', succeeded: true },
    ]);
    expect(standIn.events.at(-1)).toEqual({
      source: 'auditkeep',
      sourcetype: 'auditkeep:test',
      event: { auditkeep: 'test', message: expect.stringContaining('not an audit record') as string },
    });
  });

  it.each([
    ['wrongSecret', 'authenticate'],
    ['unavailable', 'send'],
  ] as const)('says in its test how far it came: %s', async (behavior, step) => {
    standIn.behave(behavior);
    expect((await test()).at(-1)).toMatchObject({
      step,
      succeeded: false,
      nextStep: expect.any(String) as string,
    });
  });

  it('says in its test that the token has no acknowledgment', async () => {
    expect((await test({ settings: { acknowledgements: true } })).at(-1)).toMatchObject({
      succeeded: false,
      nextStep: expect.stringContaining('indexer acknowledgment') as string,
    });
  });

  it('connects only where it may', async () => {
    const before = standIn.requests.length;
    const context = { isAllowed: () => false };
    expect(await send(made(1), { context })).toMatchObject({ outcome: 'misconfigured' });
    expect(await test({ context })).toMatchObject([{ step: 'connect', succeeded: false }]);
    expect(standIn.requests).toHaveLength(before);
  });
});

describe('the sender that waits for acknowledgments', () => {
  let standIn: SplunkStandIn;
  beforeAll(async () => {
    standIn = await startSplunk({ acknowledges: true });
  });
  afterEach(() => {
    standIn.refuse(undefined);
    standIn.answer(undefined);
    standIn.delayAcknowledgments(0);
  });
  afterAll(() => standIn.stop());

  const settings = { acknowledgements: true };
  const send = (records: readonly OutgoingRecord[], id: string, options: Options = {}) =>
    withSender(
      standIn,
      (sender) =>
        sender.send({ ...batchOf(records, settings), id }, options.signal ?? AbortSignal.timeout(30_000)),
      { settings, ...options },
    );
  const asked = () =>
    standIn.requests.filter(({ path }) => path?.startsWith('/services/collector/ack')).length;
  const times = ({ id }: OutgoingRecord) => idsIn(standIn).filter((one) => one === id).length;

  it('asks until Splunk acknowledges', async () => {
    standIn.delayAcknowledgments(3);
    const before = asked();
    expect(await send(made(2), 'told')).toEqual({ outcome: 'accepted' });
    expect(asked() - before).toBe(4);
  });

  it('has a channel for each session: numbers of acknowledgments may be those of other batches otherwise', async () => {
    const before = standIn.requests.length;
    await send(made(1), 'channel-1');
    await send(made(1), 'channel-2');
    const since = standIn.requests.slice(before);
    expect(new Set(since.map(({ headers }) => headers['x-splunk-request-channel'])).size).toBe(2);
  });

  it('gives up so long after it was sent, however often it is tried meanwhile', async () => {
    standIn.delayAcknowledgments(Infinity);
    const [record = outgoingRecord()] = made(1);
    const of = bindKind(splunk, createSplunkOpener({ ...waits, giveUpMs: 300 }));
    for (let attempt = 0; attempt < 5; attempt++)
      await send([record], 'given up', { of, signal: AbortSignal.timeout(100) });
    expect(times(record)).toBe(2);
  });

  it('has not delivered what is not acknowledged in time', async () => {
    standIn.delayAcknowledgments(Infinity);
    expect(await send(made(1), 'never', { signal: AbortSignal.timeout(100) })).toMatchObject({
      outcome: 'retry',
    });
  });

  it('continues to wait in the next attempt, and sends nothing twice', async () => {
    standIn.delayAcknowledgments(1000);
    const [record = outgoingRecord()] = made(1);
    await send([record], 'later', { signal: AbortSignal.timeout(100) });
    standIn.delayAcknowledgments(0);
    for (let result = { outcome: 'retry' }; result.outcome === 'retry';)
      result = await send([record], 'later', { signal: AbortSignal.timeout(5000) });
    expect(times(record)).toBe(1);
  });

  it('sends again what was not acknowledged for long, or from another host', async () => {
    standIn.delayAcknowledgments(Infinity);
    const [record = outgoingRecord()] = made(1);
    await send([record], 'again', { signal: AbortSignal.timeout(100) });
    standIn.delayAcknowledgments(0);
    const of = bindKind(splunk, createSplunkOpener(waits));
    expect(await send([record], 'again', { of })).toEqual({ outcome: 'accepted' });
    expect(times(record)).toBe(2);
  });

  it('has all but the refused events acknowledged', async () => {
    const records = made(4);
    standIn.refuse((event) => (idIn(event) === records[1]?.id ? 6 : undefined));
    expect(await send(records, 'refused')).toMatchObject({ outcome: 'accepted', rejects: [{ index: 1 }] });
    expect(records.map(times)).toEqual([2, 0, 1, 1]);
  });

  it('does not take events for delivered without a promise to acknowledge them', async () => {
    standIn.answer(answerOf(0));
    expect(await send(made(1), 'no promise')).toMatchObject({
      outcome: 'misconfigured',
      nextStep: expect.stringContaining('acknowledgment') as string,
    });
  });

  it('needs the setting', async () => {
    expect(await send(made(1), 'off', { settings: {} })).toMatchObject({
      outcome: 'misconfigured',
      nextStep: expect.stringContaining('set acknowledgements to true') as string,
    });
  });
});

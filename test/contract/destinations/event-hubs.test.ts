/** What senders promise, kept by the one that sends to Event Hubs; against a stand-in by AMQP over TLS. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createEventHubsOpener, openEventHubs } from '../../../shared/adapters/destinations/event-hubs.ts';
import { bindKind, type SenderContext } from '../../../shared/destinations/kind.ts';
import { eventHubs, eventHubsSettings } from '../../../shared/destinations/kinds/event-hubs.ts';
import type { OutgoingRecord } from '../../../shared/destinations/outgoing.ts';
import {
  startEventHubStandIn,
  type EventHubOptions,
  type EventHubStandIn,
} from '../../support/destinations/event-hub-stand-in.ts';
import { outgoingRecord, outgoingText } from '../../support/destinations/outgoing-records.ts';
import { senderContext } from '../../support/destinations/sender-context.ts';
import { behaviors, describeSender } from './senders.ts';

/** Like the kind, but that the identity may sign in on this machine. */
const onThisMachine = { ...eventHubs, settings: z.strictObject(eventHubsSettings.shape) };
const kind = bindKind(onThisMachine, openEventHubs);

const settingsFor = ({ ca: certificateAuthority, port, eventHub }: EventHubStandIn) => ({
  ...{ host: '127.0.0.1', port, eventHub, certificateAuthority },
});

describeSender({
  keepsDuplicates: eventHubs.keepsDuplicates,
  shows: behaviors,
  open: async () => {
    const standIn = await startEventHubStandIn();
    return {
      kind: kind.configured(settingsFor(standIn)),
      context: senderContext(),
      behave: (behavior) => {
        // A sender that is connected already would not notice some of it.
        standIn.endConnections();
        standIn.behave(behavior);
      },
      received: () => Promise.resolve(standIn.events.map(({ id }) => id)),
      close: standIn.stop,
    };
  },
});

interface Changes {
  readonly settings?: object;
  readonly context?: Partial<SenderContext>;
}

describe('the sender to Event Hubs', () => {
  let standIn: EventHubStandIn;
  beforeAll(async () => {
    standIn = await startEventHubStandIn();
  });
  afterEach(() => {
    standIn.behave(undefined);
    standIn.decide(undefined);
    standIn.refuseLinks(undefined);
    standIn.answerTokens(undefined);
  });
  afterAll(() => standIn.stop());

  const opened = ({ settings = {}, context = {} }: Changes = {}, at = standIn) => {
    const configured = kind.configured({ ...settingsFor(at), ...settings });
    return { configured, sender: configured.open(senderContext(context)) };
  };
  const send = async (records: readonly OutgoingRecord[], changes?: Changes, at = standIn) => {
    const { configured, sender } = opened(changes, at);
    try {
      const batch = { id: 'batch', records: records.map(configured.encode) };
      return await sender.send(batch, AbortSignal.timeout(30_000));
    } finally {
      await sender.close();
    }
  };
  const test = async (changes?: Changes) => {
    const { sender } = opened(changes);
    try {
      return await sender.test(AbortSignal.timeout(30_000));
    } finally {
      await sender.close();
    }
  };
  const withStandIn = async (options: EventHubOptions, use: (at: EventHubStandIn) => Promise<void>) => {
    const other = await startEventHubStandIn(options);
    await use(other).finally(other.stop);
  };

  it('sends each record as an event, which says what is in it and who it belongs to', async () => {
    const record = outgoingRecord({}, { place: { sequence: 1_772_440_000_000, line: 7 } });
    expect(await send([record])).toEqual({ outcome: 'accepted' });
    expect(standIn.events.at(-1)).toEqual({
      id: record.id,
      partitionKey: record.tenantId,
      contentType: 'application/json',
      properties: {
        tenantId: record.tenantId,
        tenantName: 'Fabrikam',
        sequence: '1772440000000.7',
        createdDateTime: '2026-03-02T08:00:00.000Z',
        contentType: 'Audit.SharePoint',
        recordType: 6,
        operation: 'FileDownloaded',
        workload: 'SharePoint',
      },
      body: record.text,
    });
  });

  it('sends text that is not JSON as a JSON string, and an envelope where one is wanted', async () => {
    await send([outgoingText('no JSON \uD800')]);
    expect(standIn.events.at(-1)?.body.toString()).toBe('"no JSON \uFFFD"');
    const record = outgoingRecord();
    await send([record], { settings: { content: 'envelope' } });
    expect(JSON.parse(standIn.events.at(-1)?.body.toString() ?? '')).toMatchObject({
      ...{ tenantId: record.tenantId, id: record.id },
      record: { Id: record.id },
    });
  });

  it('sends a batch in as few messages as the event hub takes', async () => {
    await withStandIn({ maxMessageBytes: 50_000 }, async (small) => {
      const records = Array.from({ length: 100 }, () => outgoingRecord({ Data: 'x'.repeat(2000) }));
      expect(await send(records, undefined, small)).toEqual({ outcome: 'accepted' });
      expect(small.events.map(({ id }) => id)).toEqual(records.map(({ id }) => id));
      const sizes = small.messages.map(({ length }) => length);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(50_000);
      expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThan(45_000);
    });
  });

  it('names records that are larger than a message, and sends the others', async () => {
    await withStandIn({ maxMessageBytes: 20_000 }, async (small) => {
      const records = [3, 30_000, 4].map((length) => outgoingRecord({ Data: 'x'.repeat(length) }));
      expect(await send(records, undefined, small)).toEqual({
        outcome: 'accepted',
        rejects: [
          { index: 1, cause: expect.stringContaining('the event hub takes messages of 20000') as string },
        ],
      });
      expect(small.events.map(({ id }) => id)).toEqual([records[0]?.id, records[2]?.id]);
    });
  });

  it('says what was taken when the rest was not', async () => {
    await withStandIn({ maxMessageBytes: 20_000 }, async (small) => {
      const records = Array.from({ length: 20 }, () => outgoingRecord({ Data: 'x'.repeat(2000) }));
      let left = 1;
      small.decide(() => (left-- > 0 ? 'taken' : { condition: 'com.microsoft:server-busy' }));
      const taken = await send(records, undefined, small);
      expect(taken).toEqual({
        outcome: 'retry',
        cause: 'The event hub answered com.microsoft:server-busy.',
        afterMs: 10_000,
        acceptedFirst: small.events.length,
      });
      expect(small.events.length).toBeGreaterThan(0);
    });
  });

  it.each([
    ['com.microsoft:server-busy', { outcome: 'retry', afterMs: 10_000 }],
    ['com.microsoft:timeout', { outcome: 'retry' }],
    ['amqp:internal-error', { outcome: 'retry' }],
    ['amqp:resource-limit-exceeded', { outcome: 'retry' }],
    ['amqp:link:message-size-exceeded', { outcome: 'tooLarge' }],
    ['com.microsoft:argument-error', { outcome: 'refused' }],
    [
      'amqp:unauthorized-access',
      { outcome: 'misconfigured', nextStep: expect.stringContaining('Data Sender') as string },
    ],
    ['amqp:not-found', { outcome: 'misconfigured', nextStep: expect.stringContaining('Create') as string }],
    ['com.microsoft:entity-disabled', { outcome: 'misconfigured' }],
  ])('takes %s for %o, and says no more of it', async (condition, expected) => {
    standIn.decide(() => ({ condition }));
    const result = await send([outgoingRecord()]);
    expect(result).toMatchObject(expected);
    expect(JSON.stringify(result)).not.toContain('ada');
  });

  it.each([
    [401, { outcome: 'misconfigured' }],
    [404, { outcome: 'misconfigured', nextStep: expect.stringContaining('Create') as string }],
    [500, { outcome: 'retry' }],
  ])('takes the answer %i to its token for %o', async (status, expected) => {
    standIn.answerTokens(status);
    const result = await send([outgoingRecord()]);
    expect(result).toMatchObject(expected);
    expect(JSON.stringify(result)).not.toContain('ada');
  });

  it('signs in with a token of the identity for Event Hubs', async () => {
    const scopes: string[] = [];
    const token = (scope: string) => {
      scopes.push(scope);
      return Promise.resolve(`token for ${scope}`);
    };
    expect(await send([outgoingRecord()], { context: { token } })).toEqual({ outcome: 'accepted' });
    expect(scopes).toEqual(['https://eventhubs.azure.net/.default']);
    expect(standIn.audiences.at(-1)).toBe('sb://127.0.0.1/records');
  });

  const signIn = { kind: 'connectionString', secret: 'destination-hub' };
  const withSecret = (text: string): Changes => ({
    settings: { authentication: signIn },
    context: { secret: () => Promise.resolve(text), now: () => new Date() },
  });

  it('signs in with a connection string', async () => {
    const { connectionString } = standIn;
    for (const text of [connectionString, `${connectionString};EntityPath=records\n`])
      expect(await send([outgoingRecord()], withSecret(text))).toEqual({ outcome: 'accepted' });
    const wrong = connectionString.replace(/SharedAccessKey=.*/, 'SharedAccessKey=d3Jvbmc=');
    expect(await send([outgoingRecord()], withSecret(wrong))).toMatchObject({ outcome: 'misconfigured' });
  });

  it.each([
    '',
    'no string',
    'Endpoint=sb://other.example/;SharedAccessKeyName=a;SharedAccessKey=b',
    'Endpoint=sb://127.0.0.1/',
  ])('says that %j is not a connection string of the namespace, without repeating it', async (text) => {
    const result = await send([outgoingRecord()], withSecret(text));
    expect(result).toMatchObject({
      outcome: 'misconfigured',
      cause: expect.stringContaining('destination-hub is not a connection string of 127.0.0.1') as string,
    });
    expect((await test(withSecret(text))).at(-1)).toMatchObject({ step: 'authenticate', succeeded: false });
  });

  it('uses one connection for several batches, and another one when it was ended', async () => {
    const { configured, sender } = opened();
    const sendOne = () =>
      sender.send(
        { id: 'batch', records: [configured.encode(outgoingRecord())] },
        AbortSignal.timeout(30_000),
      );
    const before = standIn.audiences.length;
    expect(await sendOne()).toEqual({ outcome: 'accepted' });
    expect(await sendOne()).toEqual({ outcome: 'accepted' });
    expect(standIn.audiences.length - before).toBe(1);
    for (const condition of [undefined, 'amqp:connection:forced']) {
      standIn.endConnections(condition);
      expect(await sendOne()).toEqual({ outcome: 'accepted' });
    }
    expect(standIn.audiences.length - before).toBe(3);
    await sender.close();
  });

  it('gives up after a while on an event hub that does not answer', async () => {
    standIn.decide(() => 'held');
    const before = standIn.messages.length;
    const { configured, sender } = opened();
    const batch = { id: 'batch', records: [configured.encode(outgoingRecord())] };
    const controller = new AbortController();
    const sent = sender.send(batch, controller.signal);
    await expect.poll(() => standIn.messages.length, { timeout: 20_000 }).toBeGreaterThan(before);
    controller.abort();
    expect(await sent).toEqual({ outcome: 'retry', cause: 'Timeout' });
    await sender.close();
  });

  it('tests without an event', async () => {
    const before = standIn.events.length;
    expect(await test()).toMatchObject([
      { step: 'connect', succeeded: true },
      { step: 'authorize', succeeded: true },
    ]);
    expect(standIn.events).toHaveLength(before);
  });

  it('says in its test what is missing', async () => {
    const expectLast = async (expected: object, changes?: Changes) => {
      expect((await test(changes)).at(-1)).toMatchObject({ succeeded: false, ...expected });
    };
    await expectLast({ step: 'authorize' }, { settings: { eventHub: 'other' } });
    await expectLast({ step: 'connect' }, { settings: { port: 1 } });
    await expectLast({ step: 'connect' }, { settings: { certificateAuthority: undefined } });
    await expectLast({ step: 'connect' }, { context: { isAllowed: () => false } });
    await expectLast({ step: 'authenticate' }, { context: { token: () => Promise.resolve('another') } });
    standIn.behave('forbidden');
    await expectLast({ step: 'authorize', nextStep: expect.stringContaining('Data Sender') as string });
  });

  it('does not connect to an address that is not allowed', async () => {
    const named = bindKind(
      onThisMachine,
      createEventHubsOpener(() => Promise.resolve([{ address: '127.0.0.1', family: 4 }])),
    ).configured({ ...settingsFor(standIn), host: 'hub.example' });
    const sender = named.open(senderContext({ isAllowed: () => false }));
    const before = standIn.audiences.length;
    const batch = { id: 'batch', records: [named.encode(outgoingRecord())] };
    expect(await sender.send(batch, AbortSignal.timeout(30_000))).toMatchObject({
      outcome: 'misconfigured',
      cause: expect.stringContaining('is not public') as string,
    });
    expect(standIn.audiences).toHaveLength(before);
    await sender.close();
  });
});

/** Settings of a destination in Event Hubs, events, and how they are packed into messages. */
import fc from 'fast-check';
import rhea from 'rhea';
import { describe, expect, it } from 'vitest';
import { encodeEvent, encodeMessage } from '../../../shared/adapters/destinations/event-hubs/event.ts';
import { envelopeBytes, fitsAlone, pack } from '../../../shared/adapters/destinations/event-hubs/pack.ts';
import { resultOfFailure } from '../../../shared/adapters/destinations/event-hubs/failure.ts';
import { eventHubs, eventHubsSettings } from '../../../shared/destinations/kinds/event-hubs.ts';
import { eventProperties } from '../../../shared/destinations/kinds/event-hubs/properties.ts';
import type { OutgoingRecord } from '../../../shared/destinations/outgoing.ts';
import { outgoingRecord, outgoingText } from '../../support/destinations/outgoing-records.ts';

const required = { host: 'auditkeep-hub.servicebus.windows.net', eventHub: 'records' };
const settings = eventHubsSettings.parse(required);
const eventOf = (record: OutgoingRecord) => encodeEvent({ record, body: eventHubs.encode(record, settings) });

describe('settings of a destination in Event Hubs', () => {
  it('need a namespace and an event hub, and then sign in by identity', () => {
    expect(settings).toEqual({
      ...required,
      port: 5671,
      authentication: { kind: 'entra' },
      content: 'record',
    });
    for (const name of Object.keys(required))
      expect(eventHubsSettings.safeParse({ ...required, [name]: undefined }).success, name).toBe(false);
  });

  it.each(['auditkeep-hub.servicebus.usgovcloudapi.net', 'AUDITKEEP.servicebus.windows.net'])(
    'take %s for the identity',
    (host) => {
      expect(eventHubsSettings.safeParse({ ...required, host }).success).toBe(true);
    },
  );

  it.each([
    'hub.contoso.example',
    'auditkeep.servicebus.windows.net.evil.example',
    'evil.example.servicebus.windows.net',
    '10.1.0.4',
  ])('do not let the identity sign in at %s, but a connection string', (host) => {
    expect(eventHubsSettings.safeParse({ ...required, host }).success).toBe(false);
    const authentication = { kind: 'connectionString', secret: 'destination-hub' };
    expect(eventHubsSettings.safeParse({ ...required, host, authentication }).success).toBe(true);
  });

  it.each([
    { host: 'https://auditkeep-hub.servicebus.windows.net' },
    { host: 'auditkeep-hub.servicebus.windows.net/records' },
    { host: '' },
    { eventHub: 'a/b' },
    { eventHub: '$cbs' },
    { eventHub: '' },
    { eventHub: 'a'.repeat(257) },
    { port: 0 },
    { authentication: { kind: 'connectionString', secret: 'signing-key' } },
    { authentication: { kind: 'connectionString', connectionString: 'written here' } },
    { content: 'cef' },
  ])('refuse %j', (wrong) => {
    expect(eventHubsSettings.safeParse({ ...required, ...wrong }).success).toBe(false);
  });
});

describe('an event', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\0', '\uD800', '\uDC00x', 'x'.repeat(65_536), '\u{1F600}'.repeat(200)),
  );

  it('is the same bytes for the same record, whatever it is, and can be read', () => {
    const members = fc.record({ Operation: text, UserId: text, Workload: text });
    const delivered = fc.oneof(
      text,
      fc.json(),
      members.map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(delivered, text, fc.boolean(), (one, tenantName, truncated) => {
        const record = outgoingText(one, { tenantName, truncated });
        const event = eventOf(record);
        expect(eventOf(record).equals(event)).toBe(true);
        const { message_id, application_properties } = rhea.message.decode(event);
        expect(message_id).toBe(record.id);
        expect(application_properties).toEqual(eventProperties(record));
      }),
    );
  });

  it('has properties that are well-formed and short', () => {
    fc.assert(
      fc.property(text, (Operation) => {
        for (const value of Object.values(eventProperties(outgoingRecord({ Operation }))))
          if (typeof value === 'string') {
            expect(value.length).toBeLessThanOrEqual(256);
            expect(Buffer.from(value).toString()).toBe(value);
          }
      }),
    );
  });
});

describe('messages', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 40 });

  it('have all events that fit, in order, each once, and stay within the limit', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 500, max: 5000 }), (lengths, maxBytes) => {
        const events = lengths.map((length) => Buffer.alloc(length, 'x'));
        const messages = pack(events, maxBytes);
        expect(messages.flatMap((message) => message.events)).toEqual(
          events.filter((event) => fitsAlone(event, maxBytes)),
        );
        const tenantId = '3f0c9f1e-1111-4222-8333-444455556666';
        for (const message of messages) {
          expect(events[message.from]).toBe(message.events[0]);
          expect(encodeMessage(tenantId, message.events).length).toBeLessThanOrEqual(maxBytes);
        }
      }),
    );
  });

  it('are filled', () => {
    const events = Array.from({ length: 700 }, () => eventOf(outgoingRecord({ Data: 'x'.repeat(1000) })));
    const total = events.reduce((sum, { length }) => sum + length, 0);
    const messages = pack(events, 1_048_576);
    expect(messages).toHaveLength(Math.ceil((total + 8 * events.length + envelopeBytes) / 1_048_576));
  });
});

describe('an answer', () => {
  it('of an unknown condition may pass, and says no more than a name', () => {
    const answered = (code: unknown) => resultOfFailure(Object.assign(new Error('ada'), { code }));
    expect(answered('ECONNRESET')).toEqual({ outcome: 'retry', cause: 'ECONNRESET' });
    expect(answered(undefined)).toEqual({ outcome: 'retry', cause: 'Network' });
    expect(answered('CERT_HAS_EXPIRED')).toMatchObject({ outcome: 'misconfigured' });
  });
});

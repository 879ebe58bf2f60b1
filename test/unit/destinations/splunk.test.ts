/** How records become events of Splunk, and which settings are taken. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { splunk, splunkSettings } from '../../../shared/destinations/kinds/splunk.ts';
import type { OutgoingRecord } from '../../../shared/destinations/outgoing.ts';
import { outgoingRecord, outgoingText } from '../../support/destinations/outgoing-records.ts';

const url = 'https://splunk.example:8088';
const token = 'destination-splunk';
const settings = splunkSettings.parse({ url, token });

function textOf(record: OutgoingRecord): string {
  return splunk.encode(record, settings).toString('utf8');
}

const eventSchema = z.strictObject({
  time: z.number(),
  host: z.string().min(1),
  source: z.string(),
  sourcetype: z.string(),
  event: z.unknown(),
  fields: z.record(z.string(), z.string()),
});

function eventOf(record: OutgoingRecord) {
  return eventSchema.parse(JSON.parse(textOf(record)));
}

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', ' ', '\0', '\ud800', 'a\udc00b', '\u2028', '"', '\\', '\r\n', 'a'.repeat(70_000)),
);

describe('an event', () => {
  it('is what the add-on of Splunk expects', () => {
    const place = { sequence: 1_772_440_000_000, line: 3 };
    const createdDateTime = new Date('2026-03-02T08:00:00.250Z');
    const record = outgoingRecord({ Id: 'f5b6a0ae-3b2c-4a4e-8d5c-1f2e3d4c5b6a' }, { place, createdDateTime });
    expect(eventOf(record)).toEqual({
      time: 1_772_438_400.25,
      host: 'Fabrikam',
      source: 'auditkeep',
      sourcetype: 'o365:management:activity',
      event: JSON.parse(record.text.toString('utf8')) as unknown,
      fields: {
        tenant_id: '3f0c9f1e-1111-4222-8333-444455556666',
        auditkeep_id: 'f5b6a0ae-3b2c-4a4e-8d5c-1f2e3d4c5b6a',
        auditkeep_sequence: '1772440000000.3',
      },
    });
  });

  it('holds the text of the record byte for byte', () => {
    const text = '{"Id":"x",  "n":12345678901234567890,"a":"\\u00e4\\/\u2028","a":1}';
    expect(textOf(outgoingText(text)).endsWith(`,"event":${text}}`)).toBe(true);
  });

  it('has the time with milliseconds, never as an exponent', () => {
    for (const iso of ['1969-12-31T23:59:59.999Z', '1970-01-01T00:00:00Z', '9999-12-31T23:59:59.001Z'])
      expect(textOf(outgoingRecord({}, { createdDateTime: new Date(iso) }))).toMatch(
        /^\{"time":-?\d+\.\d{3},/,
      );
  });

  it('goes to the index and from the source in the settings', () => {
    const other = splunkSettings.parse({ url, token, index: 'o365', source: 'msp' });
    const event: unknown = JSON.parse(splunk.encode(outgoingRecord(), other).toString());
    expect(event).toMatchObject({ index: 'o365', source: 'msp' });
  });

  it('says that it is only the beginning of a record', () => {
    expect(eventOf(outgoingText('{"Operation":"a","b', { truncated: true }))).toMatchObject({
      event: '{"Operation":"a","b',
      fields: { auditkeep_truncated: 'true' },
    });
  });

  it('is one object of JSON on one line in valid UTF-8, with texts as fields, whatever the record holds', () => {
    fc.assert(
      fc.property(hostile, hostile, fc.boolean(), (text, tenantName, truncated) => {
        for (const record of [
          outgoingRecord({ Data: text }, { tenantName, truncated }),
          outgoingText(text.replace(/\n/g, ' '), { tenantName, truncated }),
        ]) {
          const bytes = splunk.encode(record, settings);
          expect(Buffer.from(bytes.toString('utf8'))).toEqual(bytes);
          expect(bytes.includes(0x0a)).toBe(false);
          expect(eventOf(record).host).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
        }
      }),
    );
  });
});

it('limits leave room for separators within a million bytes', () => {
  const { records, bytes } = splunk.limits(settings);
  expect(bytes + records).toBeLessThanOrEqual(1_000_000);
});

describe('settings', () => {
  const isTaken = (more: object) => splunkSettings.safeParse({ url, token, ...more }).success;

  it('need the address and the token', () => {
    expect(settings).toEqual({ url, token, source: 'auditkeep', acknowledgements: false, gzip: true });
    expect(isTaken({ url: 'https://http-inputs-fabrikam.splunkcloud.com/' })).toBe(true);
  });

  it.each([
    { url: 'http://splunk.example:8088' },
    { url: `${url}/services/collector` },
    { url: `${url}?token=a` },
    { url: `${url}#a` },
    { url: 'https://a:b@splunk.example:8088' },
    { token: 'B5A79AAD-D822-46CC-80D1-819F80D7BFB0' },
    { index: '_internal' },
    { index: 'A' },
    { index: '' },
    { source: '' },
    { source: 'a\nb' },
    { channel: 'a' },
  ])('refuse %j', (more) => {
    expect(isTaken(more)).toBe(false);
  });
});

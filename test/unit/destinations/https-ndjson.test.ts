/** How records become lines and envelopes, and which settings are taken. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { httpsNdjson, httpsNdjsonSettings } from '../../../shared/destinations/kinds/https-ndjson.ts';
import { jsonOf } from '../../../shared/destinations/kinds/record-json.ts';
import type { OutgoingRecord } from '../../../shared/destinations/outgoing.ts';
import { outgoingRecord, outgoingText } from '../../support/destinations/outgoing-records.ts';

const url = 'https://logs.example/in';
const settings = httpsNdjsonSettings.parse({ url });
const enveloping = httpsNdjsonSettings.parse({ url, content: 'envelope' });

function lineOf(record: OutgoingRecord): string {
  return httpsNdjson.encode(record, settings).toString('utf8');
}

/** Texts that are unpleasant in one way or another. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    '\0',
    '\ud800',
    '\u2028',
    '\u2029',
    '\ufeff{}',
    'null',
    '"',
    '{"a":',
    'a'.repeat(70_000),
  ),
);
const bytes = fc.uint8Array({ maxLength: 100 }).map((found) => Buffer.from(found));

describe('a record as JSON', () => {
  it('is its own text, byte for byte, if that is JSON', () => {
    fc.assert(
      fc.property(fc.json({ depthSize: 'small' }), (text) => {
        expect(jsonOf(outgoingText(text)).toString('utf8')).toBe(text);
      }),
    );
  });

  it.each([
    ['numbers that JavaScript cannot hold', '{"n":12345678901234567890.10,"big":1e400}'],
    ['members that occur twice', '{"a":1,"a":2}'],
    ['blanks and escapes', '{ "a" :\t"\\u00e4\\/" }'],
    ['a lone surrogate, escaped', '{"a":"\\ud800"}'],
    ['line separators of Unicode', '{"a":"\u2028\u2029\u0085"}'],
  ])('keeps %s', (_, text) => {
    expect(lineOf(outgoingText(text))).toBe(text);
  });

  it('is a JSON string of any other text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const written: unknown = JSON.parse(lineOf(outgoingText(text)));
        const delivered = Buffer.from(text).toString('utf8');
        expect([delivered, JSON.parse(isJson(delivered) ? delivered : '0')]).toContainEqual(written);
      }),
    );
  });

  it('is always valid, in valid UTF-8, and on one line, whatever the bytes are', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          bytes,
          hostile.map((text) => Buffer.from(text)),
        ),
        fc.boolean(),
        (text, truncated) => {
          const oneLine = Buffer.from(text.filter((byte) => byte !== 0x0a && byte !== 0x0d));
          const written = jsonOf({ text: oneLine, truncated });
          expect(Buffer.from(written.toString('utf8'))).toEqual(written);
          expect(() => JSON.parse(written.toString('utf8')) as unknown).not.toThrow();
          expect(written.includes(0x0a)).toBe(false);
        },
      ),
    );
  });

  it('replaces bytes that are not UTF-8, as receivers would refuse the whole request', () => {
    const text = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    expect(JSON.parse(jsonOf({ text, truncated: false }).toString('utf8'))).toEqual({ a: '\ufffd' });
  });

  it('is a string of the beginning of a longer text, even where that alone is JSON', () => {
    const record = outgoingText('{"Id":"1"} ', { truncated: true });
    expect(JSON.parse(lineOf(record))).toBe('{"Id":"1"} ');
  });
});

describe('an envelope', () => {
  const enveloped = (record: OutgoingRecord) => httpsNdjson.encode(record, enveloping).toString('utf8');

  it('says whose the record is and where it is, and holds its text byte for byte', () => {
    const text = '{"Id": "f5b6a0ae-3b2c-4a4e-8d5c-1f2e3d4c5b6a","n":1e400}';
    const record = outgoingText(text, { place: { sequence: 7, line: 3 } });
    expect(enveloped(record)).toBe(
      '{"tenantId":"3f0c9f1e-1111-4222-8333-444455556666","tenantName":"Fabrikam",' +
        '"id":"f5b6a0ae-3b2c-4a4e-8d5c-1f2e3d4c5b6a","sequence":"7.3",' +
        '"createdDateTime":"2026-03-02T08:00:00.000Z","ingestedDateTime":"2026-03-02T08:05:00.000Z",' +
        `"contentType":"Audit.SharePoint","record":${text}}`,
    );
  });

  it('is valid for all texts and names of tenants', () => {
    fc.assert(
      fc.property(hostile, hostile, fc.boolean(), (text, tenantName, truncated) => {
        const value: unknown = JSON.parse(enveloped(outgoingText(text, { tenantName, truncated })));
        expect(value).toMatchObject({ tenantName });
        expect(typeof value === 'object' && value !== null && 'truncated' in value).toBe(truncated);
      }),
    );
  });
});

it('the same record is encoded to the same bytes', () => {
  const record = outgoingRecord();
  for (const each of [settings, enveloping])
    expect(httpsNdjson.encode(record, each)).toEqual(httpsNdjson.encode(record, each));
});

describe('limits', () => {
  it('leave room for what joins the records', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 50_000, max: 10_000_000 }),
        (maxRecords, maxBytes) => {
          const limits = httpsNdjson.limits({ ...settings, maxRecords, maxBytes });
          expect(limits.bytes).toBeGreaterThan(0);
          // An array has a comma or a bracket for each record, and one more.
          expect(limits.bytes + limits.records + 1).toBeLessThanOrEqual(maxBytes);
        },
      ),
    );
  });
});

describe('settings', () => {
  const isTaken = (more: object) => httpsNdjsonSettings.safeParse({ url, ...more }).success;

  it('need only an address', () => {
    expect(settings).toEqual({
      url,
      method: 'POST',
      headers: {},
      content: 'record',
      layout: 'lines',
      gzip: true,
      maxRecords: 1000,
      maxBytes: 1_000_000,
    });
  });

  it.each([
    'http://logs.example/in',
    'https://user:password@logs.example/',
    'https://user@logs.example/',
    'ftp://logs.example',
    'logs.example',
    '',
  ])('refuse the address %j', (address) => {
    expect(isTaken({ url: address })).toBe(false);
  });

  it.each([
    { 'X-A': 'a\r\nX-Admin: yes' },
    { 'X-A': 'a\n' },
    { 'X-A': 'ä' },
    { 'X-A\r\nX-B': 'b' },
    { 'X A': 'b' },
    { '': 'b' },
    { 'X:A': 'b' },
    { Host: 'other.example' },
    { 'content-length': '0' },
    { 'Transfer-Encoding': 'chunked' },
    { 'Content-Encoding': 'br' },
    { authorization: 'Bearer secret' },
    { Cookie: 'a=b' },
    { 'X-Auditkeep-Batch': '1' },
    Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`X-${at}`, ''])),
  ])('refuse the headers %o', (headers) => {
    expect(isTaken({ headers })).toBe(false);
  });

  it('take no header and no prefix that could begin another header', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('\r', '\n', '\0', '\u0100'),
        (text, evil) => {
          const value = `${text}${evil}`;
          expect(isTaken({ headers: { 'X-A': value } })).toBe(false);
          expect(isTaken({ headers: { [value]: 'a' } })).toBe(false);
          expect(isTaken({ credential: { secret: 'destination-a', prefix: value } })).toBe(false);
          expect(isTaken({ credential: { secret: 'destination-a', header: value } })).toBe(false);
        },
      ),
    );
  });

  it.each(['signing-key', 'destination-', 'Destination-a', 'destination-a/../signing-key', ''])(
    'refuse the secret %j: it is not one of a destination',
    (secret) => {
      expect(isTaken({ credential: { secret } })).toBe(false);
    },
  );

  it('refuse what they do not know', () => {
    expect(isTaken({ token: 'secret' })).toBe(false);
    expect(isTaken({ credential: { secret: 'destination-a', value: 'secret' } })).toBe(false);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

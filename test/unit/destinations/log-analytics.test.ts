/** How records become rows of a table in Log Analytics, and which settings are taken. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  logAnalytics,
  logAnalyticsSettings,
  scopeOf,
} from '../../../shared/destinations/kinds/log-analytics.ts';
import type { OutgoingRecord } from '../../../shared/destinations/outgoing.ts';
import { outgoingRecord, outgoingText } from '../../support/destinations/outgoing-records.ts';

const endpoint = 'https://dcr-auditkeep-a1b2-westeurope.logs.z1.ingest.monitor.azure.com';
const immutableId = `dcr-${'0123456789abcdef'.repeat(2)}`;
const settings = logAnalyticsSettings.parse({ endpoint, immutableId });

function textOf(record: OutgoingRecord): string {
  return logAnalytics.encode(record, settings).toString('utf8');
}

function rowOf(record: OutgoingRecord): Readonly<Record<string, unknown>> {
  return z.record(z.string(), z.unknown()).parse(JSON.parse(textOf(record)));
}

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '\0', '\ud800', 'a\udc00b', '\u2028', '"', '\\', 'a'.repeat(70_000)),
);

describe('a row', () => {
  it('has a column for each member that is searched for, and the record once', () => {
    const delivered = {
      Id: 'F5B6A0AE-3b2c-4a4e-8d5c-1f2e3d4c5b6a',
      CreationTime: '2026-03-02T08:00:00',
      RecordType: 6,
      Operation: 'FileDownloaded',
      Workload: 'SharePoint',
      UserId: 'ada@fabrikam.example',
      UserKey: 'i:0h.f|membership|1',
      UserType: 2,
      ClientIP: '[2001:db8::1]:443',
      ObjectId: 'https://fabrikam.example/a.docx',
      ResultStatus: 'Succeeded',
      OrganizationId: '3f0c9f1e-1111-4222-8333-444455556666',
    };
    const record = outgoingRecord(delivered, { place: { sequence: 1_772_440_000_000, line: 3 } });
    expect(rowOf(record)).toEqual({
      TimeGenerated: '2026-03-02T08:00:00.000Z',
      CreationTime: '2026-03-02T08:00:00.000Z',
      RecordId: 'f5b6a0ae-3b2c-4a4e-8d5c-1f2e3d4c5b6a',
      OrganizationId: '3f0c9f1e-1111-4222-8333-444455556666',
      TenantName: 'Fabrikam',
      RecordType: 6,
      RecordTypeName: 'SharePointFileOperation',
      Operation: 'FileDownloaded',
      Workload: 'SharePoint',
      UserId: 'ada@fabrikam.example',
      UserKey: 'i:0h.f|membership|1',
      UserType: 'Admin',
      ClientIP: record.summary.clientIp,
      ObjectId: 'https://fabrikam.example/a.docx',
      ResultStatus: 'Succeeded',
      Sequence: 1_772_440_000_000,
      Line: 3,
      Record: JSON.parse(record.text.toString('utf8')) as unknown,
    });
  });

  it('belongs to the tenant that delivered it, whatever the record says', () => {
    const record = outgoingRecord({ OrganizationId: 'another' }, { tenantId: 'the-tenant' });
    expect(rowOf(record)['OrganizationId']).toBe('the-tenant');
  });

  it('has no column for what the record does not say: every text is paid for', () => {
    expect(Object.keys(rowOf(outgoingText('{"Operation":"a"}')))).toEqual([
      ...['TimeGenerated', 'CreationTime', 'RecordId', 'OrganizationId', 'TenantName', 'Operation'],
      ...['Sequence', 'Line', 'Record'],
    ]);
  });

  it('shows numbers without a name as they are', () => {
    expect(rowOf(outgoingRecord({ RecordType: 987_654, UserType: 99 }))).toMatchObject({
      RecordType: 987_654,
      RecordTypeName: '987654',
      UserType: '99',
    });
  });

  it('holds the text of the record byte for byte', () => {
    const text = '{"Id":"x",  "n":12345678901234567890,"a":"\\u00e4\\/\u2028","a":1}';
    expect(textOf(outgoingText(text))).toMatch(/^\{"TimeGenerated":/);
    expect(textOf(outgoingText(text)).endsWith(`,"Record":${text}}`)).toBe(true);
  });

  it('is valid JSON in valid UTF-8, with no column longer than 64 kB, whatever the record holds', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, fc.boolean(), (text, Operation, tenantName, truncated) => {
        for (const record of [
          outgoingText(text, { tenantName, truncated }),
          outgoingRecord({ Operation, ObjectId: text }, { tenantName, truncated }),
        ]) {
          const bytes = logAnalytics.encode(record, settings);
          expect(Buffer.from(bytes.toString('utf8'))).toEqual(bytes);
          for (const value of Object.values(rowOf(record))) {
            const written = typeof value === 'string' ? value : JSON.stringify(value);
            expect(Buffer.byteLength(written)).toBeLessThanOrEqual(64 * 1024);
          }
        }
      }),
    );
  });

  it('has no lone surrogates in its columns, which .NET refuses', () => {
    const record = outgoingText('{"Operation":"a\\ud800"}', { tenantName: 'b\udc00' });
    expect(rowOf(record)).toMatchObject({ Operation: 'a\ufffd', TenantName: 'b\ufffd' });
  });
});

describe('a record that is longer than a column may be', () => {
  const long = (letter: string, count: number) => outgoingRecord({ Data: letter.repeat(count) });

  it('is a string of its beginning, and says so', () => {
    const record = long('ä', 40_000);
    const row = rowOf(record);
    const beginning = z.string().parse(row['Record']);
    expect(record.text.toString('utf8').startsWith(beginning)).toBe(true);
    expect(Buffer.byteLength(beginning)).toBeGreaterThan(63_990);
    expect(row['RecordTruncated']).toBe(true);
    expect(row['Operation']).toBe('FileDownloaded');
  });

  it('is never cut within a character', () => {
    for (const [letter, bytes] of [
      ['a', 1],
      ['ä', 2],
      ['€', 3],
      ['😀', 4],
    ] as const) {
      for (let more = 0; more < 4; more++) {
        const record = outgoingRecord({ Data: 'b'.repeat(more) + letter.repeat(70_000 / bytes) });
        expect(z.string().parse(rowOf(record)['Record'])).not.toContain('\ufffd');
      }
    }
  });

  it('is whole just below', () => {
    const { text } = long('a', 0);
    const record = long('a', 64_000 - text.length);
    expect(record.text).toHaveLength(64_000);
    expect(rowOf(record)).not.toHaveProperty('RecordTruncated');
    expect(rowOf(long('a', 64_001 - text.length))).toHaveProperty('RecordTruncated', true);
  });

  it('counts what replaces bytes that are not UTF-8', () => {
    const invalid = Buffer.concat([Buffer.from('{"a":"'), Buffer.alloc(30_000, 0xff), Buffer.from('"}')]);
    const row = rowOf({ ...outgoingRecord(), text: invalid });
    expect(Buffer.byteLength(z.string().parse(row['Record']))).toBeLessThanOrEqual(64_000);
    expect(row['RecordTruncated']).toBe(true);
  });

  it('was perhaps cut before: that is said in the same way', () => {
    expect(rowOf(outgoingText('{"Operation":"a","b', { truncated: true }))).toMatchObject({
      Record: '{"Operation":"a","b',
      RecordTruncated: true,
    });
  });

  it('fits into a request alone, even if all of it has to be escaped', () => {
    const record = outgoingText('\0'.repeat(100_000));
    expect(logAnalytics.encode(record, settings).length).toBeLessThan(logAnalytics.limits(settings).bytes);
  });
});

it('limits leave room for brackets and commas within a million bytes', () => {
  const { records, bytes } = logAnalytics.limits(settings);
  expect(bytes + records + 1).toBeLessThanOrEqual(1_000_000);
});

describe('settings', () => {
  const isTaken = (more: object) =>
    logAnalyticsSettings.safeParse({ endpoint, immutableId, ...more }).success;

  it('need the endpoint and the ID of the rule', () => {
    expect(settings).toEqual({ endpoint, immutableId, stream: 'Custom-AuditkeepRecords' });
    expect(isTaken({ endpoint: `${endpoint}/` })).toBe(true);
    expect(isTaken({ endpoint: 'https://my-dce-5kyl.eastus-1.ingest.monitor.azure.com' })).toBe(true);
    expect(isTaken({ endpoint: 'https://my-dce.usgovvirginia-1.ingest.monitor.azure.us' })).toBe(true);
  });

  it.each([
    'https://logs.example',
    'https://ingest.monitor.azure.com.logs.example',
    'https://logs.example/.ingest.monitor.azure.com',
    'https://logs.example#.ingest.monitor.azure.com',
    'https://evilingest.monitor.azure.com',
    'https://a.ingest.monitor.azure.com:8443',
    'https://a.ingest.monitor.azure.com/path',
    'https://a.ingest.monitor.azure.com?a=b',
    'https://a@a.ingest.monitor.azure.com',
    'http://a.ingest.monitor.azure.com',
    'https://evil.example\\.ingest.monitor.azure.com',
    'https://evil.example%2f.ingest.monitor.azure.com',
  ])('refuse the endpoint %s: the token of the app would go there', (other) => {
    expect(isTaken({ endpoint: other })).toBe(false);
  });

  it.each(['', 'dcr-1', `dcr-${'g'.repeat(32)}`, `${immutableId}/../x`, `/subscriptions/1/${immutableId}`])(
    'refuse the immutable ID %j',
    (other) => {
      expect(isTaken({ immutableId: other })).toBe(false);
    },
  );

  it.each(['', 'Custom-', 'Microsoft-OfficeActivity', 'Custom-a/b', 'Custom-a?b'])(
    'refuse the stream %j',
    (stream) => {
      expect(isTaken({ stream })).toBe(false);
    },
  );
});

it.each([
  [endpoint, 'https://monitor.azure.com/.default'],
  ['https://a.usgovvirginia-1.ingest.monitor.azure.us', 'https://monitor.azure.us/.default'],
  ['https://a.chinanorth3-1.ingest.monitor.azure.cn/', 'https://monitor.azure.cn/.default'],
])('the token for %s is for its cloud', (of, scope) => {
  expect(scopeOf(of)).toBe(scope);
});

/** How records become documents of Elasticsearch, and which settings are taken. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { elasticsearch, elasticsearchSettings } from '../../../shared/destinations/kinds/elasticsearch.ts';
import { knownMembers } from '../../../shared/destinations/kinds/elasticsearch/o365-document.ts';
import type { OutgoingRecord } from '../../../shared/destinations/outgoing.ts';
import { parseRecord } from '../../../shared/records/audit-record.ts';
import { outgoingRecord, outgoingText } from '../../support/destinations/outgoing-records.ts';

const url = 'https://elastic.example:9200';
const secret = 'destination-elastic';
const settings = elasticsearchSettings.parse({ url, secret });

function linesOf(record: OutgoingRecord): readonly string[] {
  return elasticsearch.encode(record, settings).toString('utf8').split('\n');
}

function documentOf(record: OutgoingRecord): Readonly<Record<string, unknown>> {
  return z.record(z.string(), z.unknown()).parse(JSON.parse(linesOf(record)[1] ?? ''));
}

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '\0', '\ud800', 'a\udc00b', '\u2028', '"', '\\', '{}', '[]', 'null', 'a'.repeat(7000)),
);

describe('a document', () => {
  it('has an ID, a member for each that is searched for, and the record', () => {
    const place = { sequence: 1_772_440_000_000, line: 3 };
    const record = outgoingRecord(
      { ClientIP: '[2001:db8::1]:443', UserType: 2, ResultStatus: 'Succeeded' },
      { place },
    );
    expect(JSON.parse(linesOf(record)[0] ?? '')).toEqual({
      create: { _id: `${record.tenantId}:${record.id}` },
    });
    expect(documentOf(record)).toEqual({
      '@timestamp': '2026-03-02T08:00:00.000Z',
      IngestedDateTime: '2026-03-02T08:05:00.000Z',
      RecordId: record.id,
      TenantId: record.tenantId,
      TenantName: 'Fabrikam',
      RecordType: 6,
      RecordTypeName: 'SharePointFileOperation',
      Operation: 'FileDownloaded',
      Workload: 'SharePoint',
      UserId: 'ada@fabrikam.example',
      UserType: 'Admin',
      ClientIP: '2001:db8::1',
      ResultStatus: 'Succeeded',
      Sequence: place.sequence,
      Line: 3,
      Record: JSON.parse(record.text.toString('utf8')) as unknown,
    });
  });

  it('holds the text of the record byte for byte', () => {
    const text = '{"Id":"x",  "n":12345678901234567890,"a":"\\u00e4\\/\u2028"}';
    expect(linesOf(outgoingText(text))[1]?.endsWith(`,"Record":${text}}`)).toBe(true);
  });

  it.each([
    ['a list', '[1]', false, '[1]'],
    ['no JSON', 'a{', false, 'a{'],
    ['the beginning of a record', '{"Operation":"a","b', true, '{"Operation":"a","b'],
  ])(
    'has %s in a member of its own, as mappings know either objects or texts',
    (_, text, truncated, expected) => {
      const document = documentOf(outgoingText(text, { truncated }));
      expect(document).not.toHaveProperty('Record');
      expect(document['RecordText']).toEqual(expected);
      expect(document['RecordTruncated']).toBe(truncated ? true : undefined);
    },
  );

  it('is two lines of JSON in valid UTF-8 that end with a line feed, whatever the record holds', () => {
    fc.assert(
      fc.property(hostile, hostile, fc.boolean(), (text, tenantName, truncated) => {
        for (const record of [
          outgoingRecord({ Operation: text, ObjectId: text, Data: text }, { tenantName, truncated }),
          outgoingText(text.replaceAll('\n', ' '), { tenantName, truncated }),
        ]) {
          const bytes = elasticsearch.encode(record, settings);
          expect(Buffer.from(bytes.toString('utf8'))).toEqual(bytes);
          const lines = linesOf(record);
          expect(lines).toHaveLength(3);
          expect(lines[2]).toBe('');
          expect(documentOf(record)['RecordId']).toBe(record.id);
        }
      }),
    );
  });
});

describe('a document for the integration of Elastic', () => {
  const target = 'logs-o365.audit-default';
  const forPipeline = elasticsearchSettings.parse({ url, secret, layout: 'o365', target });
  const pipelineDocument = (record: OutgoingRecord) => {
    const [, document = ''] = elasticsearch.encode(record, forPipeline).toString('utf8').split('\n');
    return z.record(z.string(), z.unknown()).parse(JSON.parse(document));
  };

  it('has the record where the pipeline reads it, and who it belongs to', () => {
    const record = outgoingRecord({}, { place: { sequence: 1_772_440_000_000, line: 3 } });
    expect(pipelineDocument(record)).toEqual({
      '@timestamp': '2026-03-02T08:00:00.000Z',
      data_stream: { type: 'logs', dataset: 'o365.audit', namespace: 'default' },
      labels: {
        auditkeep_tenant: record.tenantId,
        auditkeep_id: record.id,
        auditkeep_sequence: '1772440000000.3',
      },
      _conf: { tenants: { [record.tenantId]: 'Fabrikam' } },
      tags: ['forwarded'],
      o365audit: JSON.parse(record.text.toString('utf8')) as unknown,
    });
  });

  it.each([
    ['no JSON', 'a{', false],
    ['a list', '[1]', false],
    ['the beginning of a record', '{"Operation":"Set-Mailbox","UserId":"ada@fabrikam.example","b', true],
  ])('has what is known of %s, and its text', (_, text, truncated) => {
    const { summary } = parseRecord(Buffer.from(text), truncated);
    const record = outgoingText(text, { truncated, summary });
    const document = pipelineDocument(record);
    expect(document).toMatchObject({ message: text, tags: ['forwarded', 'preserve_original_event'] });
    expect(document['o365audit']).toMatchObject({ Id: record.id, OrganizationId: record.tenantId });
    if (truncated)
      expect(document['o365audit']).toMatchObject({
        Operation: 'Set-Mailbox',
        UserId: 'ada@fabrikam.example',
      });
  });

  it('is two lines of JSON in valid UTF-8, whatever the record holds', () => {
    fc.assert(
      fc.property(hostile, hostile, fc.boolean(), (text, tenantName, truncated) => {
        for (const record of [
          outgoingRecord({ Operation: text, ObjectId: text, Data: text }, { tenantName, truncated }),
          outgoingText(text.replaceAll('\n', ' '), { tenantName, truncated }),
        ]) {
          const bytes = elasticsearch.encode(record, forPipeline);
          expect(Buffer.from(bytes.toString('utf8'))).toEqual(bytes);
          expect(bytes.toString('utf8').split('\n')).toHaveLength(3);
          expect(pipelineDocument(record)).toHaveProperty('o365audit');
        }
      }),
    );
  });
});

const file = fileURLToPath(new URL('../../../../shared/data/records-dev.ndjson', import.meta.url));
const isPresent = existsSync(file);
if (!isPresent) console.warn(`SKIPPED: ${file} does not exist, so nothing is tested with real records.`);

describe.skipIf(!isPresent)('members that are known of real records', () => {
  const names = [
    ...['Id', 'RecordType', 'Operation', 'Workload', 'UserId', 'UserKey', 'UserType', 'ClientIP'],
    ...['ObjectId', 'ResultStatus'],
  ];
  const isGenerated = (value: unknown) => typeof value === 'string' && value.startsWith('x-');
  /** What the product changes: the case of IDs, ports of addresses, and blanks. */
  const same = (known: unknown, delivered: unknown) => {
    const plain = (value: unknown) => String(value).trim().toLowerCase();
    return plain(known) === plain(delivered) || plain(delivered).includes(plain(known));
  };

  it('are those that Microsoft delivered, field by field', () => {
    const lines = readFileSync(file, 'utf8').split('\n');
    const wrong: object[] = [];
    let compared = 0;
    for (const line of lines.filter((text) => text !== '')) {
      const delivered = z.record(z.string(), z.unknown()).parse(JSON.parse(line));
      const known = knownMembers(outgoingText(line));
      for (const name of names) {
        const [value, original] = [known[name], delivered[name]];
        // A record that has none that can be used gets an ID of its content.
        if (value === undefined || original === undefined || isGenerated(value)) continue;
        compared++;
        if (!same(value, original)) wrong.push({ name, value, original });
      }
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(20_000);
  });
});

describe('settings', () => {
  const isTaken = (more: object) => elasticsearchSettings.safeParse({ url, secret, ...more }).success;

  it('need the address and the secret', () => {
    expect(settings).toEqual({
      url,
      secret,
      target: 'auditkeep-records',
      layout: 'auditkeep',
      authentication: 'apiKey',
      gzip: true,
    });
    expect(isTaken({ target: 'logs-auditkeep.records-default' })).toBe(true);
  });

  it.each([
    { url: 'http://elastic.example:9200' },
    { url: `${url}/_bulk` },
    { url: `${url}?a=b` },
    { secret: 'signing-key' },
    ...['', '.kibana', '_all', '*', 'a/b', 'a,b', 'A', 'a?b', '../a'].map((target) => ({ target })),
    { authentication: 'none' },
    { layout: 'ecs' },
    { layout: 'o365' },
    { layout: 'o365', target: 'logs-o365.audit' },
    { layout: 'o365', target: 'logs-other.audit-default' },
  ])('refuse %j', (more) => {
    expect(isTaken(more)).toBe(false);
  });
});

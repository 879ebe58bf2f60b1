/** Settings, partitions, and files of a destination of Parquet files; read by another library than the one that writes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parquet, parquetSettings } from '../../../shared/destinations/kinds/parquet.ts';
import { parquetColumns } from '../../../shared/destinations/kinds/parquet/columns.ts';
import { parquetFile } from '../../../shared/destinations/kinds/parquet/file.ts';
import { filesOf, halvesOf } from '../../../shared/destinations/kinds/parquet/partitions.ts';
import type { EncodedRecord, OutgoingRecord } from '../../../shared/destinations/outgoing.ts';
import { outgoingRecord, outgoingText } from '../../support/destinations/outgoing-records.ts';
import { rowsIn } from '../../support/destinations/parquet-rows.ts';

const url = 'https://auditlake.blob.core.windows.net/records';
const settings = parquetSettings.parse({ url });
const encoded = (record: OutgoingRecord): EncodedRecord => ({
  record,
  body: parquet.encode(record, settings),
});

const rowOf = async (record: OutgoingRecord) => (await rowsIn(parquetFile([encoded(record)])))[0] ?? {};

describe('settings of a destination of Parquet files', () => {
  it('need the address of a container, and then sign in by identity and wait an hour', () => {
    expect(parquetSettings.parse({ url })).toEqual({
      url,
      authentication: { kind: 'entra' },
      waitMinutes: 60,
    });
    expect(parquetSettings.safeParse({}).success).toBe(false);
  });

  it.each([
    url,
    `${url}/`,
    `${url}/audit/2026`,
    'https://auditlake.blob.core.usgovcloudapi.net/records',
    'https://auditlake.z12.blob.storage.azure.net/records',
  ])('take %s for the identity', (address) => {
    expect(parquetSettings.safeParse({ url: address }).success).toBe(true);
  });

  it.each([
    'http://auditlake.blob.core.windows.net/records',
    'https://auditlake.blob.core.windows.net',
    'https://auditlake.blob.core.windows.net/',
    `${url}?sv=1`,
    `${url}#a`,
    `${url}//a`,
    'https://user:secret@auditlake.blob.core.windows.net/records',
  ])('refuse the address %s', (address) => {
    const authentication = { kind: 'sas', secret: 'destination-lake' };
    expect(parquetSettings.safeParse({ url: address, authentication }).success).toBe(false);
  });

  it.each([
    'https://lake.contoso.example/records',
    'https://auditlake.blob.core.windows.net.evil.example/records',
    'https://evil.example/auditlake.blob.core.windows.net/records',
    'https://auditlake.blob.core.windows.net:8443/records',
  ])('do not let the identity sign in at %s, but a signature', (address) => {
    expect(parquetSettings.safeParse({ url: address }).success).toBe(false);
    const authentication = { kind: 'sas', secret: 'destination-lake' };
    expect(parquetSettings.safeParse({ url: address, authentication }).success).toBe(true);
  });

  it.each([
    { authentication: { kind: 'sas', secret: 'signing-key' } },
    { authentication: { kind: 'sas', signature: 'written here' } },
    { authentication: { kind: 'none' } },
    { waitMinutes: -1 },
    { waitMinutes: 301 },
    { other: 1 },
  ])('refuse %j', (wrong) => {
    expect(parquetSettings.safeParse({ url, ...wrong }).success).toBe(false);
  });

  it('let records wait as long as they say', () => {
    expect(parquet.limits({ ...settings, waitMinutes: 90 })).toMatchObject({ waitMs: 5_400_000 });
  });
});

describe('a batch', () => {
  const time = fc.date({ min: new Date(0), max: new Date(9_999_999_999_999), noInvalidDate: true });

  it('becomes a file for each day of UTC, with each record once and in order', () => {
    fc.assert(
      fc.property(fc.array(time, { minLength: 1, maxLength: 20 }), (times) => {
        const records = times.map((createdDateTime) => encoded(outgoingRecord({}, { createdDateTime })));
        const files = filesOf({ id: 'batch', records });
        expect(filesOf({ id: 'batch', records })).toEqual(files);
        expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
        expect(new Set(files.flatMap((file) => file.records))).toEqual(new Set(records));
        for (const { path, records: ofDay } of files) {
          const day = /^tenant=[0-9a-f-]{36}\/date=(\d{4}-\d{2}-\d{2})\/\d+-batch\.parquet$/.exec(path)?.[1];
          for (const { record } of ofDay) expect(record.createdDateTime.toISOString().slice(0, 10)).toBe(day);
          expect(ofDay).toEqual(records.filter((record) => ofDay.includes(record)));
        }
      }),
    );
  });
});

describe('a file that is refused', () => {
  it('becomes two of the same folder, with each record once and in order', () => {
    const records = Array.from({ length: 5 }, () => encoded(outgoingRecord()));
    const [file] = filesOf({ id: 'batch', records });
    if (file === undefined) throw new Error('There is no file.');
    const halves = halvesOf(file);
    expect(halves.map(({ path }) => path)).toEqual([
      file.path.replace('.parquet', '.1.parquet'),
      file.path.replace('.parquet', '.2.parquet'),
    ]);
    expect(halves.map((half) => half.records.length)).toEqual([3, 2]);
    expect(halves.flatMap((half) => half.records)).toEqual(records);
  });
});

describe('a file', () => {
  it('has a column for what queries filter by', async () => {
    const record = outgoingRecord(
      {
        ...{ UserId: ' Zoë@Contoso.example'.normalize('NFD'), UserType: 2, ClientIP: '192.0.2.1:443' },
        ...{ ObjectId: 'https://contoso.example/a', ResultStatus: 'Succeeded' },
      },
      { place: { sequence: 1_772_440_000_000, line: 7 } },
    );
    expect(await rowOf(record)).toEqual({
      tenant_id: record.tenantId,
      tenant_name: 'Fabrikam',
      id: record.id,
      created: new Date('2026-03-02T08:00:00Z'),
      landed: new Date('2026-03-02T08:05:00Z'),
      sequence: 1_772_440_000_000n,
      line: 7,
      record_type: 6,
      record_type_name: 'SharePointFileOperation',
      operation: 'FileDownloaded',
      workload: 'SharePoint',
      user_id: 'zoë@contoso.example',
      user_type: 2,
      client_ip: '192.0.2.1',
      object_id: 'https://contoso.example/a',
      result_status: 'Succeeded',
      record: record.text.toString(),
      record_truncated: false,
    });
  });

  it('has null for what a record does not have, and for numbers that a column does not hold', async () => {
    const missing = { record_type: null, user_id: null, operation: null, user_type: null };
    const nothing = { ...missing, record: 'no JSON', record_truncated: true };
    expect(await rowOf(outgoingText('no JSON', { truncated: true }))).toMatchObject(nothing);
    for (const RecordType of [2 ** 31, 1.5, -(2 ** 40)])
      expect(await rowOf(outgoingRecord({ RecordType }))).toMatchObject({ record_type: null });
  });

  it('has no column whose name is that of a partition', () => {
    const names = parquetColumns.map(({ name }) => name);
    expect(names.filter((name) => name === 'tenant' || name === 'date')).toEqual([]);
  });

  it('has the text of each record, whatever it is, and is the same bytes for the same records', async () => {
    const text = fc.string({ unit: 'binary' });
    const member = fc.oneof(
      text,
      fc.constantFrom('\0', '\uD800', '\uDC00x', '\\u0000', '\uFFFF'.repeat(20), 'x'.repeat(65_536)),
    );
    const members = fc.record({ UserId: member, ObjectId: member, Operation: member, ClientIP: member });
    const delivered = fc.oneof(
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      fc.json().map((json) => Buffer.from(json)),
      members.map((value) => Buffer.from(JSON.stringify(value))),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(delivered, { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        async (all, truncated) => {
          const records = all.map((bytes) =>
            encoded(outgoingText(bytes.toString('utf8'), { text: bytes, truncated })),
          );
          const file = parquetFile(records);
          expect(parquetFile(records).equals(file)).toBe(true);
          const rows = await rowsIn(file);
          expect(rows.map(({ record }) => record)).toEqual(all.map((bytes) => bytes.toString('utf8')));
          for (const row of rows)
            for (const value of Object.values(row))
              if (typeof value === 'string') expect(Buffer.from(value).toString()).toBe(value);
        },
      ),
    );
  });
});

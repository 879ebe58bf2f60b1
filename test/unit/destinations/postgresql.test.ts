/** Records as rows of PostgreSQL, the months that have partitions, and what answers of the database mean. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resultOfFailure } from '../../../shared/adapters/destinations/postgresql/failure.ts';
import { postgresql, postgresqlSettings, scopeOf } from '../../../shared/destinations/kinds/postgresql.ts';
import { storedText } from '../../../shared/destinations/kinds/postgresql/jsonb-text.ts';
import { monthAfter, monthsOf } from '../../../shared/destinations/kinds/postgresql/months.ts';
import { decodeRow, encodeRow, rowColumns } from '../../../shared/destinations/kinds/postgresql/row.ts';
import { typeNumbers, views } from '../../../shared/destinations/kinds/relational/views.ts';
import { recordTypeName } from '../../../shared/records/record-types.ts';
import { outgoingRecord, outgoingText } from '../../support/destinations/outgoing-records.ts';

const required = {
  host: 'contoso.postgres.database.azure.com',
  database: 'audit',
  user: 'auditkeep',
  authentication: { kind: 'entra' },
};

describe('settings of a destination in PostgreSQL', () => {
  it('need a host, a database, a user, and how it signs in', () => {
    expect(postgresqlSettings.parse(required)).toEqual({ ...required, port: 5432, schema: 'auditkeep' });
    for (const name of Object.keys(required)) {
      const { success } = postgresqlSettings.safeParse({ ...required, [name]: undefined });
      expect(success, name).toBe(false);
    }
  });

  it.each([
    { schema: 'pg_catalog' },
    { schema: 'information_schema' },
    { schema: 'Audit' },
    { schema: 'a"; drop table x; --' },
    { schema: 'a'.repeat(64) },
    { host: '/var/run/postgresql' },
    { host: 'db.example?sslmode=disable' },
    { host: 'db example' },
    { user: 'a\0b' },
    { user: '' },
    { database: 'a\nb' },
    { port: 0 },
    { authentication: { kind: 'password', secret: 'signing-key' } },
    { authentication: { kind: 'password', password: 'written here' } },
    { authentication: { kind: 'none' } },
    { sslmode: 'disable' },
  ])('refuse %j', (wrong) => {
    expect(postgresqlSettings.safeParse({ ...required, ...wrong }).success).toBe(false);
  });

  const authentication = { kind: 'password', secret: 'destination-db' };

  it.each([
    'db.example',
    'DB-1.example',
    '192.0.2.1',
    '2001:db8::1',
    'localhost',
    'postgres.database.azure.com',
  ])('take the host %s with a password only: the token of the app goes to Azure alone', (host) => {
    expect(postgresqlSettings.safeParse({ ...required, host, authentication }).success).toBe(true);
    expect(postgresqlSettings.safeParse({ ...required, host }).success).toBe(false);
  });

  it.each([
    ['Contoso.Postgres.Database.Azure.Com', 'windows.net'],
    ['c-audit.0123456789.postgres.cosmos.azure.com', 'windows.net'],
    ['contoso.postgres.database.usgovcloudapi.net', 'usgovcloudapi.net'],
    ['contoso.postgres.database.chinacloudapi.cn', 'chinacloudapi.cn'],
  ])('let the token of the app go to %s, in the cloud of %s', (host, cloud) => {
    expect(postgresqlSettings.safeParse({ ...required, host }).success).toBe(true);
    expect(scopeOf(host)).toBe(`https://ossrdbms-aad.database.${cloud}/.default`);
  });
});

describe('a row', () => {
  const valuesOf = (record: Parameters<typeof encodeRow>[0]) => {
    const { values } = decodeRow(encodeRow(record));
    return Object.fromEntries(rowColumns.map(({ name }, at) => [name, values[at]]));
  };

  it('has a column for what queries filter by', () => {
    const record = outgoingRecord(
      {
        ...{ UserId: ' Zoë@Contoso.example'.normalize('NFD'), UserType: 2, ClientIP: '192.0.2.1:443' },
        ...{ ObjectId: 'https://contoso.example/a', ResultStatus: 'Succeeded' },
      },
      { place: { sequence: 1_772_440_000_000, line: 7 } },
    );
    expect(valuesOf(record)).toEqual({
      id: record.id,
      created: '2026-03-02T08:00:00.000',
      landed: '2026-03-02T08:05:00.000',
      sequence: 1_772_440_000_000,
      line: 7,
      record_type: 6,
      operation: 'FileDownloaded',
      workload: 'SharePoint',
      user_id: 'zoë@contoso.example',
      user_type: 2,
      client_ip: '192.0.2.1',
      object_id: 'https://contoso.example/a',
      result_status: 'Succeeded',
    });
  });

  it('has null for what a record does not have', () => {
    expect(valuesOf(outgoingText('no JSON'))).toMatchObject({
      user_id: null,
      record_type: null,
      operation: null,
    });
  });

  it('has names of users that an index can hold', () => {
    const userId = String(valuesOf(outgoingRecord({ UserId: '\u{1F600}'.repeat(30_000) }))['user_id']);
    expect(Buffer.byteLength(userId)).toBeLessThan(2600);
  });

  it('is the same bytes for the same record, and has nothing that PostgreSQL cannot hold, whatever it is', () => {
    const text = fc.string({ unit: 'binary' });
    const member = fc.oneof(text, fc.constantFrom('\0', '\uD800', '\uDC00x', '\\u0000', 'x'.repeat(65_536)));
    const members = fc.record({
      UserId: member,
      ObjectId: member,
      Operation: member,
      ClientIP: member,
      Deep: member,
    });
    const delivered = fc.oneof(
      text,
      fc.json(),
      members.map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(delivered, fc.boolean(), (one, truncated) => {
        const record = outgoingText(one, { truncated });
        const body = postgresql.encode(record, postgresqlSettings.parse(required));
        expect(body.equals(postgresql.encode(record, postgresqlSettings.parse(required)))).toBe(true);
        const row = decodeRow(body);
        expect((row.record === null) !== (row.recordText === null)).toBe(true);
        for (const value of [...row.values, row.record, row.recordText])
          if (typeof value === 'string') expect(value).not.toMatch(/[\0\p{Cs}]/u);
        if (row.record !== null) expect(JSON.stringify(JSON.parse(row.record))).not.toMatch(/(?<!\\)\\ud/);
      }),
    );
  });

  const long = 3_000_000;
  it.each([
    ['many characters', JSON.stringify({ a: 'x'.repeat(long), b: '1e999' }), true],
    ['many escapes', JSON.stringify({ a: '\n'.repeat(long), b: '1e999' }), true],
    ['many backslashes', JSON.stringify({ a: `${'\\'.repeat(long)}u0000` }), true],
    ['a NUL in a member that a later one of the same name replaces', '{"a":"\\u0000","a":1}', false],
    ['half a pair in such a member', '{"a":{"b":"\\ud800"},"a":1}', false],
    ['a NUL in the name of such a member', '{"a":{"\\u0000":1},"a":1}', false],
    ['halves of a pair with a backslash between them', '{"a":"\\ud83d\\\\\\ude00"}', false],
    ['two first halves, and a second one', '{"a":"\\ud83d\\ud83d\\ude00"}', false],
    ['a first half, and two second ones', '{"a":"\\ud83d\\ude00\\ude00"}', false],
    ['pairs in escapes', '{"a":"\\ud83d\\ude00\\uD83D\\uDE00"}', true],
    ['a backslash before what would be an escape', '{"a":"\\\\u0000\\\\ud800"}', true],
    ['a text that does not end', `"1e999${'\\n'.repeat(long)}`, false],
    ['a half pair far down', `${'['.repeat(10_000)}"\\ud800"${']'.repeat(10_000)}`, false],
    ['many digits', `{"a":${'9'.repeat(long)}}`, false],
    ['brackets in a text', JSON.stringify({ a: '['.repeat(long) }), true],
  ])('is made of a record with %s', (_, text, isJson) => {
    expect(storedText(Buffer.from(text), false).isJson).toBe(isJson);
  });

  it('has the text as delivered, unless that cannot be stored', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'grapheme' }), (json) => {
        const bytes = Buffer.from(json);
        expect(storedText(bytes, false).text).toBe(bytes.toString());
      }),
    );
  });
});

describe('partitions', () => {
  const now = new Date('2026-12-31T23:59:59.999Z');

  it('are months of UTC, each once', () => {
    const times = ['2026-11-30T23:59:59.999Z', '2026-12-01T00:00:00Z', '2026-12-31T00:00:00Z'];
    expect(
      monthsOf(
        times.map((time) => new Date(time)),
        now,
      ),
    ).toEqual([
      { partition: 'records_2026_11', from: '2026-11-01', to: '2026-12-01' },
      { partition: 'records_2026_12', from: '2026-12-01', to: '2027-01-01' },
    ]);
    expect(monthAfter(now)).toEqual({ partition: 'records_2027_01', from: '2027-01-01', to: '2027-02-01' });
  });

  it('hold each of their times, and no wrong time has one', () => {
    const bounds = { min: new Date(0), max: new Date(9_999_999_999_999), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(bounds), (time) => {
        const [month] = monthsOf([time], now);
        const isRight = time >= new Date('2015-01-01') && time < new Date('2027-02-01');
        expect(month !== undefined).toBe(isRight);
        if (month === undefined) return;
        expect(time >= new Date(month.from) && time < new Date(month.to)).toBe(true);
      }),
    );
  });
});

describe('views', () => {
  it('show record types that exist, and none in two of them', () => {
    const numbers = views.flatMap(typeNumbers);
    for (const view of views) expect(typeNumbers(view).length, view.name).toBeGreaterThan(0);
    expect(new Set(numbers).size).toBe(numbers.length);
    const dlp = views.filter(({ name }) => name === 'dlp').flatMap(typeNumbers);
    expect(dlp.map(recordTypeName)).toContain('ComplianceDLPExchange');
  });
});

describe('an answer of the database', () => {
  const answered = (code: string) =>
    resultOfFailure(
      Object.assign(new Error('(user)=(ada@contoso.example)'), { code, severity: 'ERROR', detail: 'ada' }),
    );

  it.each([
    ['retry', ['08000', '08006', '53100', '53200', '53300', '57P01', '57P02', '57P03', '40001', '40P01']],
    ['retry', ['25006', '55P03', '57014', '58030', 'XX000']],
    ['misconfigured', ['28000', '28P01', '42501', '42P01', '42703', '3D000', '3F000']],
    ['refused', ['22P02', '22P05', '22003', '22021', '23502', '23514', '54000', '54001']],
  ])('means %s: %j', (outcome, states) => {
    for (const state of states) expect({ state, ...answered(state) }).toMatchObject({ state, outcome });
  });

  it('is passed on as its code, never as its words', () => {
    for (const code of ['23505', '22P02', '28P01', '08006', '42501'])
      expect(JSON.stringify(answered(code))).not.toContain('ada');
  });

  it('is not a code of the network of the same length', () => {
    expect(resultOfFailure(Object.assign(new Error('x'), { code: 'EPIPE' }))).toEqual({
      outcome: 'retry',
      cause: 'EPIPE',
    });
  });
});

/** Records as rows of SQL Server, its settings, and what answers of the database mean. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  answered,
  isLost,
  resultOfFailure,
} from '../../../shared/adapters/destinations/sql-server/failure.ts';
import { scopeOf, sqlServer, sqlServerSettings } from '../../../shared/destinations/kinds/sql-server.ts';
import { encodeRow, rowColumns } from '../../../shared/destinations/kinds/sql-server/row.ts';
import { sqlServerDdl } from '../../../shared/destinations/kinds/sql-server/schema.ts';
import { outgoingRecord, outgoingText } from '../../support/destinations/outgoing-records.ts';

const required = { host: 'contoso.database.windows.net', database: 'audit' };
const login = { kind: 'password', user: 'auditkeep', secret: 'destination-sql' };

describe('settings of a destination in SQL Server', () => {
  it('need a host and a database: the identity of the app signs in by default', () => {
    expect(sqlServerSettings.parse(required)).toEqual({
      ...{ ...required, port: 1433, schema: 'auditkeep' },
      authentication: { kind: 'entra' },
    });
    for (const name of Object.keys(required)) {
      const { success } = sqlServerSettings.safeParse({ ...required, [name]: undefined });
      expect(success, name).toBe(false);
    }
  });

  it.each([
    { schema: 'sys' },
    { schema: 'guest' },
    { schema: 'information_schema' },
    { schema: 'db_owner' },
    { schema: 'Audit' },
    { schema: 'a]; drop table x; --' },
    { schema: "a'" },
    { host: 'contoso.database.windows.net;Encrypt=no' },
    { host: 'contoso\\SQLEXPRESS' },
    { database: '' },
    { database: 'a\nb' },
    { port: 0 },
    { authentication: { ...login, secret: 'signing-key' } },
    { authentication: { kind: 'password', user: 'auditkeep', password: 'written here' } },
    { authentication: { ...login, user: '' } },
    { authentication: { kind: 'none' } },
    { encrypt: false },
  ])('refuse %j', (wrong) => {
    expect(sqlServerSettings.safeParse({ ...required, ...wrong }).success).toBe(false);
  });

  it.each(['sql.contoso.example', '192.0.2.1', '2001:db8::1', 'localhost'])(
    'take the host %s with a login only: the token of the app goes to Azure alone',
    (host) => {
      expect(sqlServerSettings.safeParse({ ...required, host, authentication: login }).success).toBe(true);
      expect(sqlServerSettings.safeParse({ ...required, host }).success).toBe(false);
    },
  );

  it.each([
    ['contoso.database.windows.net', 'https://database.windows.net/.default'],
    ['mi.0123456789ab.database.windows.net', 'https://database.windows.net/.default'],
    ['x-y.database.fabric.microsoft.com', 'https://database.windows.net/.default'],
    ['contoso.database.usgovcloudapi.net', 'https://database.usgovcloudapi.net/.default'],
    ['Contoso.Database.ChinaCloudApi.CN', 'https://database.chinacloudapi.cn/.default'],
  ])('take the host %s with the scope %s', (host, scope) => {
    expect(sqlServerSettings.safeParse({ ...required, host }).success).toBe(true);
    expect(scopeOf(host)).toBe(scope);
  });

  it.each([
    'evil.example',
    'database.windows.net.evil.example',
    'xdatabase.windows.net',
    'evil-database.windows.net',
  ])('let no token go to %s', (host) => {
    expect(sqlServerSettings.safeParse({ ...required, host }).success).toBe(false);
  });
});

const cells = z.array(z.union([z.string(), z.number(), z.null()])).length(rowColumns.length + 2);

describe('a row', () => {
  const rowOf = (record: Parameters<typeof encodeRow>[0]) => {
    const values = cells.parse(JSON.parse(encodeRow(record).toString()));
    const named = Object.fromEntries(rowColumns.map(({ name }, at) => [name, values[at]]));
    return { ...named, isJson: values[rowColumns.length], text: values[rowColumns.length + 1] };
  };

  it('has a column for what queries filter by, and the text of the record', () => {
    const record = outgoingRecord(
      {
        ...{ UserId: ' Zoë@Contoso.example'.normalize('NFD'), UserType: 2, ClientIP: '192.0.2.1:443' },
        ...{ ObjectId: 'https://contoso.example/a', ResultStatus: 'Succeeded' },
      },
      { place: { sequence: 1_772_440_000_000, line: 7 } },
    );
    expect(rowOf(record)).toEqual({
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
      isJson: 1,
      text: record.text.toString(),
    });
  });

  it.each([
    ['no JSON', 'no JSON', 0],
    ['a text in JSON, which older servers do not take for JSON', '"text"', 0],
    ['the beginning of a longer text', '{"a":1', 0],
    ['an object', '{"a":"\\u0000\\ud800"}', 1],
    ['what is too deep for the server', `{"a":${'['.repeat(150)}${']'.repeat(150)}}`, 0],
    ['brackets in a text', JSON.stringify({ a: '['.repeat(150) }), 1],
  ])('says whether the record is %s', (_, text, isJson) => {
    expect(rowOf(outgoingText(text))).toMatchObject({ isJson, text });
  });

  it('has U+FFFD for NUL in a text that is not JSON', () => {
    expect(rowOf(outgoingText('a\0b'))).toMatchObject({ isJson: 0, text: 'a\uFFFDb' });
  });

  it('is the same bytes for the same record, valid for its columns, and has the text of JSON as delivered, whatever it is', () => {
    const text = fc.string({ unit: 'binary' });
    const member = fc.oneof(
      text,
      fc.constantFrom('\0', '\uD800', '\uDC00x', '\u{1F600}'.repeat(2000), 'x'.repeat(65_536)),
    );
    const members = fc.record({
      UserId: member,
      ObjectId: member,
      Operation: member,
      ClientIP: member,
      Workload: member,
    });
    const delivered = fc.oneof(
      text,
      fc.json(),
      members.map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(delivered, fc.boolean(), (one, truncated) => {
        const record = outgoingText(one, { truncated });
        const body = sqlServer.encode(record, sqlServerSettings.parse(required));
        expect(body.equals(sqlServer.encode(record, sqlServerSettings.parse(required)))).toBe(true);
        const row = rowOf(record);
        if (row.isJson === 1) expect(row.text).toBe(record.text.toString());
        const values = cells.parse(JSON.parse(body.toString()));
        for (const [at, value] of values.entries()) {
          if (typeof value !== 'string') continue;
          expect(value).not.toMatch(/[\0\p{Cs}]/u);
          expect(value.length).toBeLessThanOrEqual(rowColumns[at]?.maxLength ?? Infinity);
        }
      }),
    );
  });
});

describe('the tables', () => {
  it('have brackets around each name of a column that a view adds: some are words of T-SQL', () => {
    expect(sqlServerDdl('auditkeep')).toContain("json_query(record, '$.SharePointMetaData') as [file]");
  });

  it('have nothing of the collation of the database in what is compared', () => {
    const ddl = sqlServerDdl('auditkeep');
    expect(ddl).toContain('id varchar(36) collate Latin1_General_100_BIN2 not null');
    expect(ddl).toContain('user_id nvarchar(512) collate Latin1_General_100_BIN2 null');
  });
});

describe('an answer of the database', () => {
  const errorOf = (number: number, errorClass = 16) =>
    Object.assign(new Error('Login failed for user ada@contoso.example'), {
      number,
      class: errorClass,
      code: 'EREQUEST',
    });
  const resultOf = (number: number) => resultOfFailure(answered(errorOf(number)));

  it.each([
    [
      'retry',
      [
        1205, 1222, 40197, 40501, 40613, 49918, 49919, 49920, 10928, 10929, 4060, 9002, 701, 8645, 51222,
        999_999,
      ],
    ],
    [
      'misconfigured',
      [
        18456, 18452, 18470, 18487, 18488, 40532, 40615, 40914, 47073, 229, 262, 916, 2760, 207, 208, 213,
        40544,
      ],
    ],
    ['refused', [2627, 2601, 2628, 8152, 241, 245, 248, 515, 547, 8114, 8115, 8169, 13609]],
  ])('means %s: %j', (outcome, numbers) => {
    for (const number of numbers) expect({ number, ...resultOf(number) }).toMatchObject({ number, outcome });
  });

  it('asks for ten seconds when it limits what the database may use', () => {
    for (const number of [40501, 49918, 10928]) expect(resultOf(number)).toMatchObject({ afterMs: 10_000 });
    expect(resultOf(40613)).not.toHaveProperty('afterMs');
  });

  it('is passed on as its number, never as its words', () => {
    for (const number of [18456, 547, 2628, 40501, 229, 208])
      expect(JSON.stringify(resultOf(number))).not.toContain('ada');
  });

  it('of several errors is the first, and the connection is lost from class 20 on', () => {
    const both = new AggregateError([errorOf(2714), errorOf(1750)]);
    expect(resultOfFailure(answered(both))).toMatchObject({ cause: 'The database answered error 2714.' });
    expect(
      [1205, 40613].map((number) => isLost(answered(errorOf(number, number === 1205 ? 13 : 20)))),
    ).toEqual([false, true]);
  });

  it('of a network has the code of what happened, which the driver wraps', () => {
    const cause = Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
    const wrapped = Object.assign(new Error('Failed to connect', { cause }), { code: 'ESOCKET' });
    expect(resultOfFailure(answered(wrapped))).toEqual({ outcome: 'retry', cause: 'ECONNREFUSED' });
    expect(isLost(answered(wrapped))).toBe(true);
  });
});

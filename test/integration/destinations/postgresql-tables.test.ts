/** Tables of a real PostgreSQL server: who creates them, what they hold, and the answer when they cannot be used. */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresqlOpener, openPostgresql } from '../../../shared/adapters/destinations/postgresql.ts';
import { SecretUnavailableError } from '../../../shared/destinations/kind.ts';
import { postgresqlSettings } from '../../../shared/destinations/kinds/postgresql.ts';
import { postgresqlDdl } from '../../../shared/destinations/kinds/postgresql/schema.ts';
import { recordTypes } from '../../../shared/records/record-types.ts';
import { createServerCertificate } from '../../simulator/ca.ts';
import { outgoingRecord, outgoingText } from '../../support/destinations/outgoing-records.ts';
import { closeServer, listenLocally } from '../../support/local-server.ts';
import { findPostgresql, titleWith } from '../../support/postgresql/binaries.ts';
import { createDatabase, send, type Database } from '../../support/postgresql/database.ts';
import { startPostgresql, type PostgresqlServer } from '../../support/postgresql/server.ts';

const bin = findPostgresql();
const accepted = { outcome: 'accepted' };
const misconfigured = { outcome: 'misconfigured' };

/** What an administrator does who does not let the role create anything. */
const createdByAdministrator = (role: string) => `${postgresqlDdl('auditkeep')}
grant usage on schema auditkeep to ${role};
grant select, insert on all tables in schema auditkeep to ${role};`;

const at = (createdDateTime: string) => outgoingRecord({}, { createdDateTime: new Date(createdDateTime) });

describe.skipIf(bin === undefined)(titleWith(bin, 'tables in PostgreSQL'), () => {
  let server: PostgresqlServer;
  beforeAll(async () => {
    server = await startPostgresql(bin ?? '');
  });
  afterAll(() => server.remove());

  const partitions = (database: Database) =>
    Object.fromEntries(
      database
        .rows(
          'select tableoid::regclass::text as name, count(*)::integer as count from auditkeep.records group by 1',
        )
        .map(({ name, count }) => [String(name).replace('auditkeep.', ''), count]),
    );

  it('has a partition for each month of records, and the default one for times that are wrong', async () => {
    const database = createDatabase(server);
    const sender = database.sender();
    const times = ['2026-01-31T23:59:59.999Z', '2026-02-01T00:00:00Z', '2026-02-28T23:59:59Z', '2026-03-01'];
    const wrong = ['1970-01-01', '2014-12-31T23:59:59Z', '2026-05-01', '2286-11-20'];
    expect(await send(sender, [...times, ...wrong].map(at))).toMatchObject(accepted);
    await sender.close();
    expect(partitions(database)).toEqual({
      ...{ records_2026_01: 1, records_2026_02: 2, records_2026_03: 1, records_default: 4 },
    });
    expect(database.rows("select to_regclass('auditkeep.records_2026_04') is not null as ahead")).toEqual([
      { ahead: true },
    ]);
  });

  it('moves records that came before their month into its partition', async () => {
    const database = createDatabase(server);
    const march = database.sender();
    expect(await send(march, [at('2026-06-15')])).toMatchObject(accepted);
    await march.close();
    expect(partitions(database)).toEqual({ records_default: 1 });
    const june = database.sender({}, { now: () => new Date('2026-06-20T00:00:00Z') });
    expect(await send(june, [at('2026-06-16')])).toMatchObject(accepted);
    await june.close();
    expect(partitions(database)).toEqual({ records_2026_06: 2 });
  });

  it('retries when a long query prevents the partition of a month, and creates it later', async () => {
    const database = createDatabase(server);
    const sender = database.sender();
    expect(await send(sender, [at('2026-03-01')])).toMatchObject(accepted);
    const release = await database.hold('select count(*) from auditkeep.records');
    expect(await send(sender, [at('2026-02-01')])).toEqual({
      outcome: 'retry',
      cause: 'The database answered SQLSTATE 55P03.',
    });
    await release();
    expect(await send(sender, [at('2026-02-01')])).toMatchObject(accepted);
    await sender.close();
    expect(partitions(database)).toEqual({ records_2026_02: 1, records_2026_03: 1 });
  });

  it('stores with the rights to select and insert alone, in the partitions that are there', async () => {
    const database = createDatabase(server, { rights: createdByAdministrator });
    database.run(`create table auditkeep.records_2026_03 partition of auditkeep.records
      for values from ('2026-03-01') to ('2026-04-01')`);
    const sender = database.sender();
    const steps = await sender.test(AbortSignal.timeout(60_000));
    expect(steps.every(({ succeeded }) => succeeded)).toBe(true);
    const records = ['2026-02-01', '2026-03-01'].map(at);
    expect(await send(sender, records)).toEqual({ ...accepted, duplicates: 0 });
    expect(await send(sender, records)).toEqual({ ...accepted, duplicates: 2 });
    await sender.close();
    expect(partitions(database)).toEqual({ records_default: 1, records_2026_03: 1 });
    expect(database.rows('select name from auditkeep.tenants')).toEqual([{ name: 'Fabrikam' }]);
  });

  it('has the name of every record type, also of those that a later release knows', async () => {
    const database = createDatabase(server);
    const names = 'select record_type as number, name from auditkeep.record_types order by 1';
    await using(database, async (sender) => send(sender, [outgoingRecord()]));
    expect(database.rows(names)).toEqual(recordTypes());
    database.run('delete from auditkeep.record_types where record_type > 200');
    await using(database, async (sender) => send(sender, [outgoingRecord()]));
    expect(database.rows(names)).toEqual(recordTypes());
  });

  it('works with tables of a later version', async () => {
    const database = createDatabase(server);
    await using(database, (sender) => send(sender, [outgoingRecord()]));
    database.run('insert into auditkeep.auditkeep_schema_version values (1000)');
    database.run('alter table auditkeep.records add column later text');
    expect(await using(database, (sender) => send(sender, [outgoingRecord()]))).toMatchObject(accepted);
    expect(database.ids()).toHaveLength(2);
  });

  it('creates its tables in another schema as well, and again when they were dropped', async () => {
    const database = createDatabase(server);
    const sender = database.sender({ schema: 'select' });
    expect(await send(sender, [outgoingRecord()])).toMatchObject(accepted);
    database.run('drop schema "select" cascade');
    expect(await send(sender, [outgoingRecord()])).toMatchObject(misconfigured);
    expect(await send(sender, [outgoingRecord()])).toMatchObject(accepted);
    await sender.close();
    expect(database.rows('select from "select".records')).toHaveLength(1);
  });

  it.each([
    ['a role that may not create a schema', () => 'select'],
    [
      'a role that may not insert',
      (role: string) => createdByAdministrator(role).replace('select, insert', 'select'),
    ],
  ])('says what to do for %s, also in a test', async (_, rights) => {
    const database = createDatabase(server, { rights });
    const result = await using(database, (sender) => send(sender, [outgoingRecord()]));
    expect(result).toMatchObject({ ...misconfigured, cause: 'The database answered SQLSTATE 42501.' });
    const steps = await using(database, (sender) => sender.test(AbortSignal.timeout(60_000)));
    expect(steps.map(({ step, succeeded }) => `${step} ${succeeded}`)).toEqual([
      ...['resolve true', 'connect true', 'authenticate true', 'authorize false'],
    ]);
    expect(steps.at(-1)?.nextStep).toMatch(/create/);
  });

  it('creates nothing in a test', async () => {
    const database = createDatabase(server);
    const steps = await using(database, (sender) => sender.test(AbortSignal.timeout(60_000)));
    expect(steps.at(-1)).toMatchObject({ step: 'authorize', succeeded: true });
    expect(database.rows("select from pg_namespace where nspname = 'auditkeep'")).toEqual([]);
    await using(database, (sender) => send(sender, [outgoingRecord()]));
    await using(database, (sender) => sender.test(AbortSignal.timeout(60_000)));
    expect(database.ids()).toHaveLength(1);
  });

  it('refuses a database that cannot hold every text', async () => {
    const database = createDatabase(server, { encoding: 'LATIN1' });
    const result = await using(database, (sender) => send(sender, [outgoingRecord()]));
    expect(result).toMatchObject({ ...misconfigured, cause: 'The encoding of the database is not UTF8.' });
  });

  describe('whatever records hold', () => {
    /** Three bytes each, and nothing that could be compressed. */
    const randomHan = Array.from(randomBytes(8000), (byte) => String.fromCharCode(0x4e00 + byte * 64)).join(
      '',
    );
    const odd = [
      ...['', ' ', 'not JSON', '{"Id":', 'null', '1', '"text"', '[]', '\uFEFF{}', '{"a":1,}', "{'a':1}"],
      ...['{"a":"\\u0000"}', '{"\\u0000":1}', '{"a":"\\\\u0000"}', '{"a":"\\\\\\u0000"}', '{"a":"\0"}', '\0'],
      ...['{"a":"\\u0000","a":1}', '{"a":{"b":"\\ud800"},"a":3}', '{"a":"\\ud83d\\\\\\ude00"}'],
      ...['{"a":"\\ud800"}', '{"a":"\\udc00\\ud800"}', '{"a":"\\ud83d\\ude00"}', '{"a":"\\uD83D \\uDE00"}'],
      ...['{"a":1e400}', '{"a":1e-400}', '{"a":1e99999999}', '{"a":-1E+131073}', '{"a":1e-99999}'],
      ...[`{"a":${'9'.repeat(200_000)}}`, `{"a":0.${'0'.repeat(20_000)}1}`, '{"a":9007199254740993}'],
      ...['['.repeat(100_000), `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
      ...[`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`, JSON.stringify({ UserId: randomHan })],
      ...[
        JSON.stringify({ UserId: '\u{1F600}\0\uD800', ObjectId: '\0', ClientIP: '\uDFFF', Operation: '\0' }),
      ],
      ...[JSON.stringify({ a: 'x'.repeat(2_000_000) }), '{"a":1,"a":2}', '{"":{"":[]}}', '{"a":"1e999"}'],
    ];

    it('stores it: as JSON if jsonb can hold it, otherwise its text', async () => {
      const database = createDatabase(server);
      const records = odd.map((text) => outgoingText(text));
      expect(await using(database, (sender) => send(sender, records))).toEqual({
        ...accepted,
        duplicates: 0,
      });
      const broken = 'select from auditkeep.records where (record is null) = (record_text is null)';
      expect(database.rows(broken)).toEqual([]);
      const stored = database.rows('select record, record_text from auditkeep.records order by line');
      expect(stored).toHaveLength(odd.length);
      const of = (text: string) => stored[odd.indexOf(text)];
      expect(of('{"a":"\\\\u0000"}')).toEqual({ record: { a: '\\u0000' }, record_text: null });
      expect(of('{"a":"\\u0000"}')).toEqual({ record: null, record_text: '{"a":"\\u0000"}' });
      expect(of('{"a":"\0"}')).toEqual({ record: null, record_text: '{"a":"\uFFFD"}' });
      expect(of('{"a":"\\ud83d\\ude00"}')).toEqual({ record: { a: '\u{1F600}' }, record_text: null });
      expect(of('{"a":"1e999"}')).toEqual({ record: { a: '1e999' }, record_text: null });
      const exact = database.rows("select record::text as text from auditkeep.records where record ? 'a'");
      expect(exact).toContainEqual({ text: '{"a": 9007199254740993}' });
    });

    it('has the beginning of a longer text as text', async () => {
      const database = createDatabase(server);
      const records = [outgoingText('{"a":1}', { truncated: true })];
      await using(database, (sender) => send(sender, records));
      expect(database.rows('select record, record_text from auditkeep.records')).toEqual([
        { record: null, record_text: '{"a":1}' },
      ]);
    });

    it('never refuses, and loses no neighbor', async () => {
      const database = createDatabase(server);
      const sender = database.sender();
      const text = fc.string({ unit: 'binary', maxLength: 20 });
      const delivered = fc.oneof(
        fc.json({ stringUnit: 'binary' }),
        fc.string({ unit: 'binary' }),
        fc
          .dictionary(text, fc.oneof(text, fc.double(), fc.constantFrom('\0', '\uD800', '\uDC00')), {
            maxKeys: 5,
          })
          .map((value) => JSON.stringify(value)),
        fc
          .record({ UserId: text, ObjectId: text, Operation: text, ClientIP: text, Id: text })
          .map((value) => JSON.stringify(value)),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(delivered, { minLength: 1, maxLength: 200 }), async (texts) => {
          const records = texts.map((one) => outgoingText(one, { id: crypto.randomUUID() }));
          expect(await send(sender, records)).toEqual({ ...accepted, duplicates: 0 });
        }),
        { numRuns: 30 },
      );
      await sender.close();
    });

    it('is not repeated when the database refuses it', async () => {
      const database = createDatabase(server);
      await using(database, (sender) => send(sender, [outgoingRecord()]));
      database.run("alter table auditkeep.records add constraint c check (operation <> 'Secret')");
      const records = [outgoingRecord(), outgoingRecord({ Operation: 'Secret' })];
      const result = await using(database, (sender) => send(sender, records));
      expect(result).toEqual({ outcome: 'refused', cause: 'The database answered SQLSTATE 23514.' });
      expect(database.ids()).toHaveLength(1);
    });
  });

  describe('signing in and TLS', () => {
    it("uses a token of the app's identity as the password", async () => {
      const database = createDatabase(server);
      const scopes: string[] = [];
      const token = (scope: string) => {
        scopes.push(scope);
        return Promise.resolve(database.password);
      };
      // Settings of a destination would have a host of Azure.
      const settings = {
        ...postgresqlSettings.parse(database.settings),
        authentication: { kind: 'entra' as const },
      };
      const sender = openPostgresql(settings, { ...database.context, token });
      expect(await send(sender, [outgoingRecord()])).toMatchObject(accepted);
      await sender.close();
      expect(scopes).toEqual(['https://ossrdbms-aad.database.windows.net/.default']);
    });

    it('says that there is no secret', async () => {
      const database = createDatabase(server);
      const secret = () => Promise.reject(new SecretUnavailableError('There is no secret.'));
      expect(await send(database.sender({}, { secret }), [outgoingRecord()])).toMatchObject({
        outcome: 'misconfigured',
        cause: 'There is no secret.',
      });
    });

    const elsewhere = { host: 'db.example' };
    const notAllowed = { isAllowed: () => false };
    it.each([
      {
        what: 'a wrong password',
        context: { secret: () => Promise.resolve('wrong') },
        said: 'authenticate 28P01',
      },
      { what: 'a database that does not exist', changes: { database: 'none' }, said: 'authenticate 3D000' },
      { what: 'an address that is not allowed', context: notAllowed, said: 'resolve not public' },
      {
        what: 'a name of such an address',
        changes: elsewhere,
        context: notAllowed,
        said: 'resolve not public',
      },
      {
        what: 'a certificate for another name',
        changes: elsewhere,
        said: 'connect ERR_TLS_CERT_ALTNAME_INVALID',
      },
      { what: 'a certificate of an unknown authority', other: true, said: 'connect not trusted' },
    ])('says what to do about $what, also in a test', async ({ changes, context, other, said }) => {
      const open = createPostgresqlOpener(() => Promise.resolve([{ address: '127.0.0.1', family: 4 }]));
      const database = createDatabase(server, { open });
      const authority =
        other === true ? { certificateAuthority: (await createServerCertificate()).caPem } : {};
      const sender = database.sender({ ...changes, ...authority }, context);
      const result = await send(sender, [outgoingRecord()]);
      expect(result).toMatchObject(misconfigured);
      const last = (await sender.test(AbortSignal.timeout(60_000))).at(-1);
      const [step, cause = ''] = said.split(/ (.*)/);
      expect(last).toMatchObject({ step, succeeded: false });
      for (const answer of [result, last]) expect(JSON.stringify(answer)).toContain(cause);
      expect(JSON.stringify([result, last])).not.toContain(database.password);
    });

    it('refuses a server without TLS', async () => {
      const plain = createServer((socket) => socket.on('data', () => socket.end('N')));
      const port = await listenLocally(plain);
      const sender = createDatabase(server).sender({ port });
      const result = await send(sender, [outgoingRecord()]);
      await closeServer(plain);
      expect(result).toMatchObject({ ...misconfigured, cause: 'The server does not offer TLS.' });
    });

    it('connects by a name, whose certificate it checks', async () => {
      const open = createPostgresqlOpener(() => Promise.resolve([{ address: '127.0.0.1', family: 4 }]));
      const database = createDatabase(server, { open });
      const asked: string[] = [];
      const isAllowed = (address: string): boolean => asked.push(address) > 0;
      const sender = database.sender({ host: 'localhost' }, { isAllowed });
      expect(await send(sender, [outgoingRecord()])).toMatchObject(accepted);
      await sender.close();
      expect(asked).toEqual(['127.0.0.1']);
    });
  });
});

/** A sender of one attempt. */
async function using<T>(
  database: Database,
  work: (sender: ReturnType<Database['sender']>) => Promise<T>,
): Promise<T> {
  const sender = database.sender();
  try {
    return await work(sender);
  } finally {
    await sender.close();
  }
}

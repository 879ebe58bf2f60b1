/** A sender to a stand-in for SQL Server: connections, logins, tables, and what becomes of records. */
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSqlServerOpener } from '../../../shared/adapters/destinations/sql-server.ts';
import { insertStatement } from '../../../shared/adapters/destinations/sql-server/statements.ts';
import { sqlServer } from '../../../shared/destinations/kinds/sql-server.ts';
import type { DestinationSender } from '../../../shared/destinations/kind.ts';
import type { OutgoingBatch, OutgoingRecord } from '../../../shared/destinations/outgoing.ts';
import { recordTypes } from '../../../shared/records/record-types.ts';
import { outgoingRecord, outgoingText } from '../../support/destinations/outgoing-records.ts';
import { SqlError } from '../../support/sql-server/answers.ts';
import { startReceiver, type SqlServerReceiver } from '../../support/sql-server/receiver.ts';
import type { StandInOptions } from '../../support/sql-server/stand-in.ts';

const accepted = { outcome: 'accepted' };
const misconfigured = { outcome: 'misconfigured' };
const azure = 'contoso.database.windows.net';

const started: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.stop()));
});

/** Every name leads to this machine. */
const open = createSqlServerOpener(() => Promise.resolve([{ address: '127.0.0.1', family: 4 }]));

async function start(options: Partial<StandInOptions> = {}): Promise<SqlServerReceiver> {
  const receiver = await startReceiver(options, open);
  started.push(receiver.standIn);
  return receiver;
}

function batchOf(records: readonly OutgoingRecord[]): OutgoingBatch {
  const settings = sqlServer.settings.parse({ host: azure, database: 'audit' });
  const encoded = records.map((record) => ({ record, body: sqlServer.encode(record, settings) }));
  return { id: crypto.randomUUID(), records: encoded };
}

const send = (sender: DestinationSender, records: readonly OutgoingRecord[]) =>
  sender.send(batchOf(records), AbortSignal.timeout(60_000));

async function sendOnce(receiver: SqlServerReceiver, changes = {}, context = {}) {
  const sender = receiver.sender(changes, context);
  const result = await send(sender, [outgoingRecord()]);
  await sender.close();
  return result;
}

async function testOnce(receiver: SqlServerReceiver, changes = {}) {
  const sender = receiver.sender(changes);
  const steps = await sender.test(AbortSignal.timeout(60_000));
  return steps.map(({ step, succeeded, detail, nextStep }) => ({ step, succeeded, detail, nextStep }));
}

const recordsOf = (count: number) => Array.from({ length: count }, () => outgoingRecord());
const idsOf = (records: readonly OutgoingRecord[]) => records.map(({ id }) => id);

describe('a connection to SQL Server', () => {
  it('says who it is, and nothing about the machine', async () => {
    const receiver = await start();
    expect(await sendOnce(receiver)).toMatchObject(accepted);
    const [login] = receiver.standIn.logins;
    expect(login).toMatchObject({
      user: 'auditkeep',
      database: 'audit',
      app: 'Auditkeep',
      host: 'Auditkeep',
    });
  });

  it('sends no login in the clear when the server, or someone between, says that it has no TLS', async () => {
    const receiver = await start({ hasTls: () => false });
    expect(await sendOnce(receiver)).toMatchObject({
      ...misconfigured,
      cause: 'The server does not offer TLS.',
    });
    expect(receiver.standIn.plainTypes).toEqual([0x12]);
    expect(receiver.standIn.logins).toEqual([]);
  });

  it.each([
    ['of an unknown authority', { certificateAuthority: undefined }],
    ['for another name', { host: 'sql.contoso.example' }],
  ])('refuses a certificate %s, and sends no login', async (_, changes) => {
    const receiver = await start();
    expect(await sendOnce(receiver, changes)).toMatchObject(misconfigured);
    expect(receiver.standIn.logins).toEqual([]);
  });

  it('goes to no address that is not allowed, whatever leads there', async () => {
    const receiver = await start();
    for (const host of ['127.0.0.1', 'sql.contoso.example'])
      expect(await sendOnce(receiver, { host }, { isAllowed: () => false })).toMatchObject(misconfigured);
    expect(receiver.standIn.plainTypes).toEqual([]);
  });

  it('that was idle and is closed is replaced at once', async () => {
    const receiver = await start();
    const sender = receiver.sender();
    expect(await send(sender, recordsOf(1))).toMatchObject(accepted);
    receiver.standIn.drop();
    expect(await send(sender, recordsOf(1))).toMatchObject(accepted);
    await sender.close();
    expect(receiver.ids()).toHaveLength(2);
  });

  it('ends when the signal fires, and the batch is sent again', async () => {
    let isHeld = true;
    const held = vi.fn();
    const receiver = await start({
      faultOf: ({ text }) => {
        if (!isHeld || text !== insertStatement('auditkeep')) return undefined;
        held();
        return 'held';
      },
    });
    const sender = receiver.sender();
    const records = recordsOf(3);
    const abort = new AbortController();
    const sent = sender.send(batchOf(records), abort.signal);
    await vi.waitFor(() => {
      expect(held).toHaveBeenCalled();
    });
    abort.abort();
    expect(await sent).toEqual({ outcome: 'retry', cause: 'Timeout' });
    isHeld = false;
    expect(await send(sender, records)).toEqual({ ...accepted, duplicates: 3 });
    await sender.close();
    expect(receiver.ids()).toEqual(idsOf(records));
  });

  it('is closed with the sender, and after a test', async () => {
    const receiver = await start();
    await sendOnce(receiver);
    await testOnce(receiver);
    await expect.poll(() => receiver.standIn.connections(), { interval: 20 }).toBe(0);
  });
});

describe('a login with a token of Entra ID', () => {
  const entra = { host: azure, authentication: { kind: 'entra' } };
  const token = (scope: string) => Promise.resolve(`token for ${scope}`);
  const checkLogin: StandInOptions['checkLogin'] = ({ token: sent }) =>
    sent === 'token for https://database.windows.net/.default' ? [] : [new SqlError(18456, 14)];

  it('has the token for Azure SQL, and no password', async () => {
    const receiver = await start({ name: azure, checkLogin });
    expect(await sendOnce(receiver, entra, { token })).toMatchObject(accepted);
    expect(receiver.standIn.logins).toMatchObject([{ user: '', password: '' }]);
  });

  it('goes on to the server of Azure that it is sent to', async () => {
    const worker = 'x1.worker.database.windows.net';
    const second = await start({ name: worker, checkLogin });
    const route = () => ({ host: worker, port: second.standIn.port });
    const receiver = await start({ name: azure, checkLogin, route });
    const certificateAuthority = `${receiver.standIn.caPem}\n${second.standIn.caPem}`;
    expect(await sendOnce(receiver, { ...entra, certificateAuthority }, { token })).toMatchObject(accepted);
    expect(second.ids()).toHaveLength(1);
  });

  it('goes to no other server, wherever it is sent', async () => {
    const second = await start({ name: 'evil.example', checkLogin });
    const route = () => ({ host: 'evil.example', port: second.standIn.port });
    const receiver = await start({ name: azure, checkLogin, route });
    expect(await sendOnce(receiver, entra, { token })).toMatchObject(misconfigured);
    expect(second.standIn.plainTypes).toEqual([]);
  });
});

describe('tables in SQL Server', () => {
  it('are created once when several senders begin at the same time, and have each record once', async () => {
    const receiver = await start();
    const senders = [1, 2, 3, 4].map(() => receiver.sender());
    const records = recordsOf(100);
    const results = await Promise.all(senders.map((sender) => send(sender, records)));
    for (const result of results) expect(result).toMatchObject(accepted);
    await Promise.all(senders.map((sender) => sender.close()));
    expect(receiver.ids()).toEqual(idsOf(records));
    expect([...receiver.database.tables.recordTypes.keys()]).toEqual(
      recordTypes().map(({ number }) => number),
    );
  });

  it('are created again when they were dropped', async () => {
    const receiver = await start();
    const sender = receiver.sender();
    expect(await send(sender, recordsOf(1))).toMatchObject(accepted);
    receiver.database.dropSchema();
    expect(await send(sender, recordsOf(1))).toMatchObject({
      ...misconfigured,
      cause: 'The database answered error 208.',
    });
    expect(await send(sender, recordsOf(1))).toMatchObject(accepted);
    await sender.close();
  });

  it('leave nothing behind when one of them cannot be created', async () => {
    const receiver = await start();
    receiver.database.rules.fault = (text) =>
      text.startsWith('create view') ? new SqlError(1222) : undefined;
    expect(await sendOnce(receiver)).toMatchObject({
      outcome: 'retry',
      cause: 'The database answered error 1222.',
    });
    expect(receiver.database.tables).toMatchObject({ schemaExists: false, version: undefined });
    receiver.database.rules.fault = undefined;
    expect(await sendOnce(receiver)).toMatchObject(accepted);
  });

  it('may have been created by an administrator: to select and insert is then enough', async () => {
    const receiver = await start();
    await sendOnce(receiver);
    receiver.database.rules.mayCreate = false;
    expect(await sendOnce(receiver)).toMatchObject(accepted);
    expect((await testOnce(receiver)).every(({ succeeded }) => succeeded)).toBe(true);
    expect(receiver.ids()).toHaveLength(2);
  });

  it('of a later release are used as they are', async () => {
    const receiver = await start();
    await sendOnce(receiver);
    receiver.database.useVersion(1000);
    expect(await sendOnce(receiver)).toMatchObject(accepted);
  });

  it('cannot be created by a user who may not: the batch and the test say what to do', async () => {
    const receiver = await start();
    receiver.database.rules.mayCreate = false;
    expect(await sendOnce(receiver)).toMatchObject({
      ...misconfigured,
      cause: 'The database answered error 262.',
    });
    const steps = await testOnce(receiver);
    expect(steps.at(-1)).toMatchObject({ step: 'authorize', succeeded: false });
    expect(steps.at(-1)?.nextStep).toContain('Create the tables as documented');
  });

  it('need a database that reads JSON', async () => {
    const receiver = await start();
    receiver.database.rules.compatibilityLevel = 120;
    expect(await sendOnce(receiver)).toMatchObject(misconfigured);
    receiver.database.rules.compatibilityLevel = 130;
    expect(await sendOnce(receiver)).toMatchObject(accepted);
  });
});

describe('records in SQL Server', () => {
  it('are there once when they are sent twice, and it says how many it had', async () => {
    const receiver = await start();
    const sender = receiver.sender();
    const batches = [recordsOf(1000), recordsOf(1000)];
    for (const duplicates of [0, 1000])
      for (const batch of batches) expect(await send(sender, batch)).toEqual({ ...accepted, duplicates });
    await sender.close();
    expect(receiver.ids()).toEqual(idsOf(batches.flat()));
  });

  it('are there as delivered, whatever they are', async () => {
    const receiver = await start();
    const sender = receiver.sender();
    const text = fc.string({ unit: 'binary' });
    const member = fc.oneof(
      text,
      fc.constantFrom('\0', '\uD800', '\u{1F600}', "'; drop table x --", 'x'.repeat(65_536)),
    );
    const members = fc.dictionary(
      fc.constantFrom('UserId', 'ObjectId', 'Operation', 'ClientIP', 'a'),
      member,
    );
    const delivered = fc.oneof(
      text,
      members.map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(delivered, { minLength: 1, maxLength: 20 }),
        fc.boolean(),
        async (texts, truncated) => {
          receiver.database.forgetRecords();
          const records = texts.map((one) => outgoingText(one, { truncated }));
          expect(await send(sender, records)).toMatchObject(accepted);
          const stored = new Map(
            [...receiver.database.tables.records.values()].map((row) => [row.columns['id'], row]),
          );
          expect(new Set(stored.keys())).toEqual(new Set(idsOf(records)));
          for (const { id, text: bytes } of records) {
            const { record, recordText } = stored.get(id) ?? {};
            expect((record === null) !== (recordText === null)).toBe(true);
            if (record !== null) expect(record).toBe(bytes.toString());
            else expect(recordText).toBe(bytes.toString().replaceAll('\0', '\uFFFD'));
          }
        },
      ),
      { numRuns: 50 },
    );
    await sender.close();
  });

  it('are all refused with the one that violates a constraint, and the connection remains', async () => {
    const receiver = await start();
    const sender = receiver.sender();
    const [poison, ...others] = recordsOf(3);
    receiver.database.rules.refused.add(poison?.id ?? '');
    expect(await send(sender, [...others, ...(poison === undefined ? [] : [poison])])).toEqual({
      outcome: 'refused',
      cause: 'The database answered error 547.',
    });
    expect(await send(sender, others)).toMatchObject(accepted);
    await sender.close();
    expect(receiver.ids()).toEqual(idsOf(others));
    expect(receiver.standIn.logins).toHaveLength(1);
  });

  it('of a deadlock are sent again, and those of a throttled server after ten seconds', async () => {
    const receiver = await start();
    const sender = receiver.sender();
    await send(sender, recordsOf(1));
    for (const [number, more] of [
      [1205, {}],
      [40501, { afterMs: 10_000 }],
    ] as const) {
      receiver.database.rules.fault = () => new SqlError(number, number === 1205 ? 13 : 20);
      expect(await send(sender, recordsOf(1))).toEqual({
        ...{ outcome: 'retry', cause: `The database answered error ${number}.` },
        ...more,
      });
    }
    await sender.close();
  });

  it('have the newest name of each tenant', async () => {
    const receiver = await start();
    const sender = receiver.sender();
    for (const tenantName of ['Fabrikam', 'Fabrikam', 'Contoso', 'Fabri\0kam'])
      await send(sender, [outgoingRecord({}, { tenantName })]);
    await sender.close();
    const names = receiver.database.tables.tenantNames.map(({ name }) => name);
    expect(names).toEqual(['Fabrikam', 'Contoso', 'Fabri\uFFFDkam']);
  });
});

describe('a test of a destination in SQL Server', () => {
  const outcomes = (steps: Awaited<ReturnType<typeof testOnce>>) =>
    steps.map(({ step, succeeded }) => `${step}: ${succeeded}`);

  it('says before the first batch that it will create the tables, and leaves nothing after it', async () => {
    const receiver = await start();
    expect((await testOnce(receiver)).at(-1)?.detail).toContain('The first batch will create them.');
    await sendOnce(receiver);
    expect(outcomes(await testOnce(receiver))).toEqual([
      ...['resolve', 'connect', 'authenticate', 'authorize', 'send'].map((step) => `${step}: true`),
    ]);
    expect(receiver.ids()).toHaveLength(1);
  });

  it('says which step fails, and what to do', async () => {
    const receiver = await start();
    const wrongUser = { authentication: { kind: 'password', user: 'other', secret: 'destination-any' } };
    const wrongName = await testOnce(receiver, { database: 'other' });
    expect(outcomes(wrongName)).toEqual(['resolve: true', 'connect: true', 'authenticate: false']);
    expect(wrongName.at(-1)).toMatchObject({ detail: 'The database answered error 4060.' });
    expect(wrongName.at(-1)?.nextStep).toContain('name of the database');
    expect(outcomes(await testOnce(receiver, wrongUser))).toEqual([
      'resolve: true',
      'connect: true',
      'authenticate: false',
    ]);
    expect(outcomes(await testOnce(receiver, { port: 1 }))).toEqual(['resolve: true', 'connect: false']);
  });
});

/** Rows of a real PostgreSQL server: each record once, whatever is sent again, at once, or cut short. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OutgoingRecord } from '../../../shared/destinations/outgoing.ts';
import { outgoingRecord } from '../../support/destinations/outgoing-records.ts';
import { findPostgresql, titleWith } from '../../support/postgresql/binaries.ts';
import { batchOf, createDatabase, send, type Database } from '../../support/postgresql/database.ts';
import { startPostgresql, type PostgresqlServer } from '../../support/postgresql/server.ts';
import { bundleScript } from '../../support/run/bundle.ts';

const bin = findPostgresql();

const recordsOf = (count: number): readonly OutgoingRecord[] =>
  Array.from({ length: count }, () => outgoingRecord());
const idsOf = (records: readonly OutgoingRecord[]) => records.map(({ id }) => id);
const inBatches = (records: readonly OutgoingRecord[]) =>
  Array.from({ length: Math.ceil(records.length / 1000) }, (_, at) =>
    records.slice(at * 1000, (at + 1) * 1000),
  );
const accepted = { outcome: 'accepted' };
const retry = { outcome: 'retry' };

describe.skipIf(bin === undefined)(titleWith(bin, 'records in PostgreSQL'), () => {
  let server: PostgresqlServer;
  beforeAll(async () => {
    server = await startPostgresql(bin ?? '');
  });
  afterAll(() => server.remove());

  it('has 20,000 records that are sent twice once, and says how many it had', async () => {
    const database = createDatabase(server);
    const sender = database.sender();
    const batches = inBatches(recordsOf(20_000));
    for (const duplicates of [0, 1000])
      for (const batch of batches) expect(await send(sender, batch)).toEqual({ ...accepted, duplicates });
    await sender.close();
    expect(database.ids()).toEqual(idsOf(batches.flat()));
  });

  it('has each record once when several senders create its tables and send the same at once', async () => {
    const database = createDatabase(server);
    const senders = [1, 2, 3, 4].map(() => database.sender());
    const batches = inBatches(recordsOf(5000));
    const sent = senders.map(async (sender, at) => {
      // Two of them in the opposite order.
      for (const batch of at % 2 === 0 ? batches : batches.toReversed()) {
        let result = await send(sender, batch);
        while (result.outcome === 'retry') result = await send(sender, batch);
        expect(result).toMatchObject(accepted);
      }
      await sender.close();
    });
    await Promise.all(sent);
    expect(database.ids()).toEqual(idsOf(batches.flat()));
  });

  /** A statement that stores records and waits, because a lock is held. */
  const whenWaiting = async (database: Database) => {
    const waiting = `select from pg_stat_activity where usename = '${database.name}' and wait_event_type = 'Lock' and query like 'insert into%records %'`;
    await expect.poll(() => database.rows(waiting), { interval: 20 }).toHaveLength(1);
  };
  const tablesExist = async (database: Database) => {
    const sender = database.sender();
    expect(await send(sender, recordsOf(1))).toMatchObject(accepted);
    await sender.close();
  };
  const holdRecords = (database: Database) => database.hold('lock table auditkeep.records in exclusive mode');

  it('has everything once after a sender was killed in the middle of a statement', async () => {
    const database = createDatabase(server);
    await tablesExist(database);
    const release = await holdRecords(database);
    const records = recordsOf(500);
    const { settings, password } = database;
    const job = JSON.stringify({ settings, password, texts: records.map(({ text }) => String(text)) });
    const script = fileURLToPath(new URL('postgresql-sender.ts', import.meta.url));
    const child = spawn(process.execPath, [await bundleScript(script)], {
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    child.stdin.end(job);
    await whenWaiting(database);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await release();
    const sender = database.sender();
    expect(await send(sender, records)).toMatchObject(accepted);
    await sender.close();
    expect(database.ids()).toHaveLength(501);
    expect(database.ids()).toEqual(expect.arrayContaining([...idsOf(records)]));
  });

  it('retries a batch during which the server went away, and has it once after its return', async () => {
    const database = createDatabase(server);
    await tablesExist(database);
    const release = await holdRecords(database);
    const sender = database.sender();
    const records = recordsOf(500);
    const sent = send(sender, records);
    await whenWaiting(database);
    await server.crash();
    expect(await sent).toMatchObject(retry);
    expect(await send(sender, records)).toMatchObject({ ...retry, cause: 'ECONNREFUSED' });
    await release();
    await server.start();
    expect(await send(sender, records)).toEqual({ ...accepted, duplicates: 0 });
    await sender.close();
    expect(database.ids().slice(1)).toEqual(idsOf(records));
  });

  it('connects again when the server was restarted between two batches', async () => {
    const database = createDatabase(server);
    const sender = database.sender();
    expect(await send(sender, recordsOf(1))).toMatchObject(accepted);
    await server.crash();
    await server.start();
    expect(await send(sender, recordsOf(1))).toMatchObject(accepted);
    await sender.close();
    expect(database.ids()).toHaveLength(2);
  });

  it('connects again when its connection ended without its notice', async () => {
    const database = createDatabase(server);
    const sender = database.sender();
    expect(await send(sender, recordsOf(1))).toMatchObject(accepted);
    database.run(`select pg_terminate_backend(pid) from pg_stat_activity where usename = '${database.name}'`);
    expect(await send(sender, recordsOf(1))).toMatchObject(accepted);
    await sender.close();
    expect(database.ids()).toHaveLength(2);
  });

  it('gives up when its signal fires, and leaves no statement behind', async () => {
    const database = createDatabase(server);
    await tablesExist(database);
    const release = await holdRecords(database);
    const sender = database.sender();
    const abort = new AbortController();
    const sent = sender.send(batchOf(recordsOf(1)), abort.signal);
    await whenWaiting(database);
    abort.abort();
    expect(await sent).toEqual({ ...retry, cause: 'Timeout' });
    await release();
    await sender.close();
    const connections = `select from pg_stat_activity where usename = '${database.name}'`;
    await expect.poll(() => database.rows(connections), { interval: 20 }).toEqual([]);
  });

  it('keeps the newest name of each tenant', async () => {
    const database = createDatabase(server);
    const sender = database.sender();
    for (const tenantName of ['Fabrikam', 'Fabrikam', 'Contoso', 'Fabrikam', 'Fabri\0kam'])
      await send(sender, [outgoingRecord({}, { tenantName })]);
    await sender.close();
    expect(database.rows('select name from auditkeep.tenants')).toEqual([{ name: 'Fabri\uFFFDkam' }]);
    expect(database.rows('select name from auditkeep.tenant_names order by since')).toHaveLength(4);
  });
});

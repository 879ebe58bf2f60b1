/** What every sender promises, against a real PostgreSQL server; the connection between them can be cut. */
import { connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe } from 'vitest';
import { closeServer, listenLocally } from '../../support/local-server.ts';
import { findPostgresql, titleWith } from '../../support/postgresql/binaries.ts';
import { createDatabase, type Database } from '../../support/postgresql/database.ts';
import { startPostgresql, type PostgresqlServer } from '../../support/postgresql/server.ts';
import { describeSender, type Behavior, type Receiver } from './senders.ts';

const bin = findPostgresql();

describe.skipIf(bin === undefined)(titleWith(bin, 'a sender to PostgreSQL'), () => {
  let server: PostgresqlServer;
  beforeAll(async () => {
    server = await startPostgresql(bin ?? '');
  });
  afterAll(() => server.remove());

  describeSender({
    open: () => openReceiver(server),
    keepsDuplicates: false,
    shows: ['busy', 'unavailable', 'cut', 'wrongSecret', 'forbidden'],
  });
});

async function openReceiver(server: PostgresqlServer): Promise<Receiver> {
  const database = createDatabase(server);
  let behavior: Behavior | undefined;
  const line = await startLine(server.port, () => behavior);
  return {
    kind: database.kind({ port: line.port }),
    context: {
      ...database.context,
      secret: () => Promise.resolve(behavior === 'wrongSecret' ? 'not it' : database.password),
    },
    behave(next) {
      behavior = next;
      database.run(next === undefined ? restored(database) : (ways[next]?.(database) ?? 'select'));
    },
    received: () => Promise.resolve(database.ids()),
    close: line.close,
  };
}

const endAll = 'select pg_terminate_backend(pid) from pg_stat_activity where usename = current_database()';

/** What the server itself does. A sender that is connected already would not notice some of it. */
const ways: Partial<Record<Behavior, (database: Database) => string>> = {
  busy: ({ name }) => `alter role ${name} connection limit 0; ${endAll}`,
  unavailable: () => endAll,
  wrongSecret: () => endAll,
  forbidden: ({ name }) => `revoke insert on auditkeep.records from ${name}`,
};

const restored = ({ name }: Database) =>
  `alter role ${name} connection limit -1; grant insert on auditkeep.records to ${name}`;

interface Line {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Passes bytes on, until it is cut: when the server has answered, or before it hears anything. */
async function startLine(port: number, behavior: () => Behavior | undefined): Promise<Line> {
  const sockets = new Set<Socket>();
  const line = createServer((client) => {
    const target = connect(port, '127.0.0.1');
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    const cut = () => {
      client.destroy();
      target.destroy();
    };
    if (behavior() === 'unavailable') cut();
    client.on('data', (bytes) => target.write(bytes)).on('close', cut);
    target.on('close', cut).on('data', (bytes) => {
      if (behavior() === 'cut') cut();
      else client.write(bytes);
    });
  });
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await closeServer(line);
  };
  return { port: await listenLocally(line), close };
}

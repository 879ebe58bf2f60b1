/** A database for a test, with a role that may create a schema in it. */
import { randomBytes } from 'node:crypto';
import { openPostgresql } from '../../../shared/adapters/destinations/postgresql.ts';
import { postgresql, type PostgresqlSettings } from '../../../shared/destinations/kinds/postgresql.ts';
import {
  bindKind,
  type ConfiguredKind,
  type DestinationSender,
  type OpenSender,
  type SenderContext,
} from '../../../shared/destinations/kind.ts';
import type { OutgoingBatch, OutgoingRecord } from '../../../shared/destinations/outgoing.ts';
import type { PostgresqlServer } from './server.ts';

export interface Database {
  /** Of the database and of the role that senders have. */
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly context: SenderContext;
  readonly password: string;
  kind(changes?: Readonly<Record<string, unknown>>): ConfiguredKind;
  sender(changes?: Readonly<Record<string, unknown>>, context?: Partial<SenderContext>): DestinationSender;
  run(sql: string): string;
  rows(sql: string): readonly Readonly<Record<string, unknown>>[];
  hold(sql: string): Promise<() => Promise<void>>;
  /** IDs of the stored records, in the order of arrival. */
  ids(): readonly string[];
}

let databases = 0;

/** @param rights statements that give the role its rights @default it may create everything */
export function createDatabase(
  server: PostgresqlServer,
  { encoding = 'UTF8', rights, open = openPostgresql }: DatabaseOptions = {},
): Database {
  const name = `sender_${++databases}_${randomBytes(4).toString('hex')}`;
  const password = randomBytes(16).toString('base64url');
  server.run(`create role ${name} login password '${password}'`);
  server.run(
    `create database ${name} template template0 encoding '${encoding}' lc_collate 'C' lc_ctype '${encoding === 'UTF8' ? 'C.UTF-8' : 'C'}'`,
  );
  server.run(rights?.(name) ?? `grant create on database ${name} to ${name}`, name);
  const settings = {
    ...{ host: '127.0.0.1', port: server.port, database: name, user: name },
    ...{
      authentication: { kind: 'password', secret: 'destination-any' },
      certificateAuthority: server.caPem,
    },
  };
  const context: SenderContext = {
    secret: () => Promise.resolve(password),
    token: () => Promise.reject(new Error('No token is needed.')),
    isAllowed: () => true,
    now: () => new Date('2026-03-10T12:00:00Z'),
  };
  const kind = (changes = {}) => bindKind(postgresql, open).configured({ ...settings, ...changes });
  return {
    ...{ name, settings, context, password, kind },
    sender: (changes, other) => kind(changes).open({ ...context, ...other }),
    run: (sql) => server.run(sql, name),
    rows: (sql) => server.rows(sql, name),
    hold: (sql) => server.hold(sql, name),
    ids: () =>
      server
        .rows('select id from auditkeep.records order by sequence, line', name)
        .map(({ id }) => String(id)),
  };
}

interface DatabaseOptions {
  readonly encoding?: string;
  readonly rights?: (role: string) => string;
  readonly open?: OpenSender<PostgresqlSettings>;
}

export function batchOf(records: readonly OutgoingRecord[]): OutgoingBatch {
  const body = (record: OutgoingRecord) => ({ record, body: postgresql.encode(record, anySettings) });
  return { id: crypto.randomUUID(), records: records.map(body) };
}

/** Bodies do not depend on them. */
const anySettings = postgresql.settings.parse({
  ...{
    host: 'db.postgres.database.azure.com',
    database: 'audit',
    user: 'auditkeep',
    authentication: { kind: 'entra' },
  },
});

/** Sends with a limit for what never comes. */
export function send(sender: DestinationSender, records: readonly OutgoingRecord[]) {
  return sender.send(batchOf(records), AbortSignal.timeout(60_000));
}

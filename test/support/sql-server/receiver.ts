/** A stand-in for SQL Server with a database of its own, and the settings that lead to it. */
import { randomBytes } from 'node:crypto';
import { openSqlServer } from '../../../shared/adapters/destinations/sql-server.ts';
import { sqlServer, type SqlServerSettings } from '../../../shared/destinations/kinds/sql-server.ts';
import {
  bindKind,
  type ConfiguredKind,
  type DestinationSender,
  type OpenSender,
  type SenderContext,
} from '../../../shared/destinations/kind.ts';
import { SqlError } from './answers.ts';
import { createSqlDatabase, type SqlDatabase } from './database.ts';
import { startSqlServer, type SqlServerStandIn, type StandInOptions } from './stand-in.ts';

export interface SqlServerReceiver {
  readonly database: SqlDatabase;
  readonly standIn: SqlServerStandIn;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly context: SenderContext;
  readonly password: string;
  kind(changes?: Readonly<Record<string, unknown>>): ConfiguredKind;
  sender(changes?: Readonly<Record<string, unknown>>, context?: Partial<SenderContext>): DestinationSender;
  /** IDs of the stored records, in the order of arrival. */
  ids(): readonly string[];
}

export const databaseName = 'audit';

export async function startReceiver(
  more: Partial<StandInOptions> = {},
  open: OpenSender<SqlServerSettings> = openSqlServer,
): Promise<SqlServerReceiver> {
  const password = randomBytes(16).toString('base64url');
  const database = createSqlDatabase();
  const standIn = await startSqlServer({
    database,
    checkLogin: (login) => {
      if (login.user !== 'auditkeep' || login.password !== password) return [new SqlError(18456, 14)];
      // The server says why first.
      return login.database === databaseName ? [] : [new SqlError(4060, 11), new SqlError(18456, 14)];
    },
    ...more,
  });
  const settings = {
    ...{ host: '127.0.0.1', port: standIn.port, database: databaseName },
    authentication: { kind: 'password', user: 'auditkeep', secret: 'destination-any' },
    certificateAuthority: standIn.caPem,
  };
  const context: SenderContext = {
    secret: () => Promise.resolve(password),
    token: () => Promise.reject(new Error('No token is needed.')),
    isAllowed: () => true,
    now: () => new Date('2026-03-10T12:00:00Z'),
  };
  const kind = (changes = {}) => bindKind(sqlServer, open).configured({ ...settings, ...changes });
  return {
    ...{ database, standIn, settings, context, password, kind },
    sender: (changes, other) => kind(changes).open({ ...context, ...other }),
    ids: () => [...database.tables.records.values()].map(({ columns }) => String(columns['id'])),
  };
}

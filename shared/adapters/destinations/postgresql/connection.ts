/** Connections to a PostgreSQL server: by verified TLS, and only to allowed addresses. */
import { Socket, type LookupFunction, type TcpSocketConnectOpts } from 'node:net';
import type { Client } from 'pg';
import { scopeOf, type PostgresqlSettings } from '../../../destinations/kinds/postgresql.ts';
import { allowsHost } from '../../../destinations/allowed-hosts.ts';
import type { SenderContext } from '../../../destinations/kind.ts';
import { addressRefused, checkedLookup } from '../../checked-lookup.ts';
import type { ResolveName } from '../../resolve-name.ts';
import { within, type OpenConnection } from '../relational/sender.ts';

/** A row as the driver returns it, to be parsed by who sent the query. */
export interface Answer {
  readonly rows: readonly unknown[];
  /** Rows that were returned or changed. */
  readonly count: number;
}

/** One connection; one query after the other. */
export interface Connection extends OpenConnection {
  /** @throws Error of the server, the network, or the driver */
  query(text: string, values?: readonly unknown[]): Promise<Answer>;
}

/** What a connection needs. */
export interface Endpoint {
  readonly settings: PostgresqlSettings;
  readonly context: SenderContext;
  readonly resolveName: ResolveName;
}

/**
 * @param password as {@link passwordOf} returns it
 * @param signal ends the attempt
 * @throws Error of the server, the network, or the driver
 */
export async function connect(
  { settings, context, resolveName }: Endpoint,
  password: string,
  signal: AbortSignal,
): Promise<Connection> {
  if (!allowsHost(settings.host, context.isAllowed))
    throw Object.assign(new Error('The address is not public.'), { code: addressRefused });
  // Loaded by deployments that have such a destination only.
  const { default: pg } = await import('pg');
  const socket = checkedSocket(checkedLookup(resolveName, context.isAllowed));
  const client = new pg.Client({ ...clientOptions(settings), password, stream: () => socket });
  const connection = connectionOf(client, socket);
  try {
    await within(signal, connection, () => client.connect());
  } catch (error) {
    // The driver leaves the socket open after some refusals.
    connection.destroy();
    throw error;
  }
  return connection;
}

/**
 * What the user signs in with. Read before connecting: why there is none is then not taken for an error of the server.
 * @throws Error when the vault or Entra ID does not have it
 */
export async function passwordOf({ settings: { authentication, host }, context }: Endpoint): Promise<string> {
  return authentication.kind === 'entra'
    ? await context.token(scopeOf(host))
    : await context.secret(authentication.secret);
}

/** Everything that the driver would otherwise take from the environment of the process. */
function clientOptions({ host, port, database, user, certificateAuthority: ca }: PostgresqlSettings) {
  return {
    host,
    port,
    database,
    user,
    // The certificate must be trusted, and have the name: what libpq calls verify-full.
    ssl: { ca, rejectUnauthorized: true, minVersion: 'TLSv1.2' as const },
    sslnegotiation: 'postgres' as const,
    client_encoding: 'UTF8',
    application_name: 'Auditkeep',
    keepAlive: true,
  };
}

/** The driver says where to; which addresses a name has is decided here. */
function checkedSocket(lookup: LookupFunction): Socket {
  const socket = new Socket();
  const connectTo = (port: number, host: string) =>
    Socket.prototype.connect.call<Socket, [TcpSocketConnectOpts], Socket>(socket, { port, host, lookup });
  return Object.assign(socket, { connect: connectTo });
}

const closeMs = 3_000;

function connectionOf(client: Client, socket: Socket): Connection {
  let open = true;
  const lost = () => {
    open = false;
  };
  // An error without a listener would end the process; queries fail with it too.
  client.on('error', lost).on('end', lost);
  return {
    async query(text, values = []) {
      const { rows, rowCount } = await client.query<Record<string, unknown>>(text, [...values]);
      return { rows, count: rowCount ?? 0 };
    },
    isOpen: () => open,
    destroy: () => {
      lost();
      socket.destroy();
    },
    async close() {
      // The driver waits until the server closes, which one that is gone never does.
      const timer = setTimeout(() => socket.destroy(), closeMs);
      await client.end().finally(() => {
        clearTimeout(timer);
      });
    },
  };
}

/** Connections to SQL Server: by verified TLS, and only to allowed addresses. */
import type { Socket } from 'node:net';
import * as z from 'zod';
import { isAzureHost, scopeOf, type SqlServerSettings } from '../../../destinations/kinds/sql-server.ts';
import { allowsHost } from '../../../destinations/allowed-hosts.ts';
import type { SenderContext } from '../../../destinations/kind.ts';
import { addressRefused, checkedLookup } from '../../checked-lookup.ts';
import type { ResolveName } from '../../resolve-name.ts';
import { within } from '../relational/sender.ts';
import type { Connection } from './client.ts';
import { connectSocket } from './secure-socket.ts';

/** What a connection needs. */
export interface Endpoint {
  readonly settings: SqlServerSettings;
  readonly context: SenderContext;
  readonly resolveName: ResolveName;
}

/**
 * @param password as {@link passwordOf} returns it
 * @param signal ends the attempt
 * @throws Error of the server, the network, or the driver
 */
export async function connect(
  endpoint: Endpoint,
  password: string,
  signal: AbortSignal,
): Promise<Connection> {
  signal.throwIfAborted();
  // Loaded by deployments that have such a destination only.
  const { createClient } = await import('./client.ts');
  const sockets: Socket[] = [];
  const connector = async (...[target]: readonly unknown[]) => {
    const socket = await connectSocket(socketOptions(endpoint, target), signal);
    sockets.push(socket);
    return socket;
  };
  const { settings } = endpoint;
  const client = createClient(
    {
      server: settings.host,
      authentication: authenticationOf(settings, password),
      options: { ...clientOptions(settings), connector },
    },
    sockets,
  );
  await within(signal, client, () => client.signIn());
  return client;
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

function authenticationOf({ authentication }: SqlServerSettings, password: string) {
  return authentication.kind === 'entra'
    ? { type: 'azure-active-directory-access-token' as const, options: { token: password } }
    : { type: 'default' as const, options: { userName: authentication.user, password } };
}

/** Time is limited by signals alone, and attempts are repeated by who sends. */
const noLimit = 0;
const longestConnectMs = 120_000;

function clientOptions({ port, database, certificateAuthority: ca }: SqlServerSettings) {
  return {
    port,
    database,
    // The certificate must be trusted, and have the name.
    encrypt: true,
    trustServerCertificate: false,
    cryptoCredentialsDetails: { ca, minVersion: 'TLSv1.2' as const },
    appName: 'Auditkeep',
    // The driver would send the name of the machine.
    workstationId: 'Auditkeep',
    connectTimeout: longestConnectMs,
    requestTimeout: noLimit,
    maxRetriesOnTransientErrors: 0,
    // An error takes back the whole transaction, and not the statement alone.
    abortTransactionOnError: true,
  };
}

const targetSchema = z.object({ host: z.string(), port: z.int() });

/** The driver says where to: Azure SQL names another server that is to be connected to instead. */
function socketOptions({ settings, context: { isAllowed }, resolveName }: Endpoint, target: unknown) {
  const { host, port } = targetSchema.parse(target);
  const isTrusted =
    host === settings.host || settings.authentication.kind === 'password' || isAzureHost(host);
  if (!isTrusted || !allowsHost(host, isAllowed))
    throw Object.assign(new Error('The address is not allowed.'), { code: addressRefused });
  return { host, port, lookup: checkedLookup(resolveName, isAllowed) };
}

/** Connections to Event Hubs, by AMQP over verified TLS, and only to allowed addresses. */
import { isIP } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import rhea, { type Connection as AmqpConnection, type EventContext } from 'rhea';
import type { EventHubsSettings } from '../../../destinations/kinds/event-hubs.ts';
import { allowsHost } from '../../../destinations/allowed-hosts.ts';
import type { SenderContext } from '../../../destinations/kind.ts';
import { addressRefused, checkedLookup } from '../../checked-lookup.ts';
import type { ResolveName } from '../../resolve-name.ts';
import { AmqpRefusedError } from './failure.ts';

/** What a connection needs. */
export interface Endpoint {
  readonly settings: EventHubsSettings;
  readonly context: SenderContext;
  readonly resolveName: ResolveName;
}

export interface Connection {
  readonly amqp: AmqpConnection;
  /**
   * Waits for the service, and no longer than for the connection.
   * @throws Error of the service or the network
   */
  during<T>(start: (resolve: (value: T) => void, reject: (error: Error) => void) => void): Promise<T>;
  /** False as soon as it is known to be lost. */
  readonly isOpen: () => boolean;
  /** Ends it at once, and whatever waits with an error. */
  readonly destroy: () => void;
  /** Says goodbye first. */
  readonly close: () => Promise<void>;
}

/** Longer than any pause within an invocation; the service ends idle connections. */
const idleMs = 60_000;
const closeMs = 3_000;

/** @throws Error of the service or the network */
export async function connect(endpoint: Endpoint, signal: AbortSignal): Promise<Connection> {
  const { settings, context } = endpoint;
  signal.throwIfAborted();
  if (!allowsHost(settings.host, context.isAllowed))
    throw Object.assign(new Error('The address is not public.'), { code: addressRefused });
  const socket = checkedSocket(endpoint);
  const amqp = rhea.create_container().create_connection({
    host: settings.host,
    hostname: settings.host,
    port: settings.port,
    reconnect: false,
    idle_time_out: idleMs,
    properties: { product: 'Auditkeep' },
    // Who it is says the token; the layer below wants a name nevertheless.
    username: 'auditkeep',
    connection_details: () => ({
      host: settings.host,
      port: settings.port,
      connect: (_port: number, _host: string, _options: unknown, connected: () => void) =>
        socket.once('secureConnect', connected),
    }),
  });
  const connection = connectionOf(amqp, socket);
  signal.addEventListener('abort', connection.destroy, { once: true });
  try {
    await connection.during<EventContext>((resolve) => amqp.once('connection_open', resolve).connect());
    return connection;
  } catch (error) {
    connection.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', connection.destroy);
  }
}

function checkedSocket({ settings, context, resolveName }: Endpoint): TLSSocket {
  const { host, port, certificateAuthority: ca } = settings;
  return connectTls({
    host,
    port,
    ca,
    minVersion: 'TLSv1.2',
    lookup: checkedLookup(resolveName, context.isAllowed),
    ...(isIP(host) === 0 ? { servername: host } : {}),
  });
}

function connectionOf(amqp: AmqpConnection, socket: TLSSocket): Connection {
  const waiting = new Set<(error: Error) => void>();
  let lost: Error | undefined;
  const lose = (error: Error) => {
    lost ??= error;
    for (const reject of waiting) reject(lost);
  };
  whenLost(amqp, socket, lose);
  return {
    amqp,
    isOpen: () => lost === undefined,
    during: (start) =>
      new Promise((resolve, reject) => {
        if (lost !== undefined) {
          reject(lost);
          return;
        }
        waiting.add(reject);
        const settle =
          <A>(then: (argument: A) => void) =>
          (argument: A) => {
            waiting.delete(reject);
            then(argument);
          };
        start(settle(resolve), settle(reject));
      }),
    destroy: () => {
      lose(Object.assign(new Error('It was ended here.'), { code: 'Timeout' }));
      socket.destroy();
    },
    close: () => closed(amqp, socket),
  };
}

/** Every event that is an error has a listener: one without would end the process, or be printed. */
function whenLost(amqp: AmqpConnection, socket: TLSSocket, lose: (error: Error) => void): void {
  const disconnected = ({ error }: { readonly error?: unknown }) => {
    lose(error instanceof Error ? error : Object.assign(new Error('It was cut.'), { code: 'ECONNRESET' }));
  };
  const refused = ({ connection }: EventContext) => {
    lose(new AmqpRefusedError(conditionOf(connection.error) ?? 'amqp:connection:forced'));
  };
  amqp.on('disconnected', disconnected);
  amqp.on('connection_error', refused).on('connection_close', refused).on('session_error', refused);
  amqp.on('protocol_error', lose).on('error', lose);
  socket.on('error', lose);
}

/** Undefined unless it is an error of AMQP. */
export function conditionOf(error: unknown): string | undefined {
  const named = typeof error === 'object' && error !== null && 'condition' in error;
  return named && typeof error.condition === 'string' ? error.condition : undefined;
}

async function closed(amqp: AmqpConnection, socket: TLSSocket): Promise<void> {
  if (socket.destroyed) return;
  const timer = setTimeout(() => socket.destroy(), closeMs);
  await new Promise<unknown>((resolve) => {
    socket.once('close', resolve);
    amqp.once('connection_close', () => socket.end());
    amqp.close();
  });
  clearTimeout(timer);
}

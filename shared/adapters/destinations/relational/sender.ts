/** Senders to databases: a connection serves batches until it fails, and one that was lost while idle is replaced at once. */
import type { DestinationSender, SendResult, TestStep } from '../../../destinations/kind.ts';
import type { OutgoingBatch } from '../../../destinations/outgoing.ts';
import { resultOfUnreached } from '../https-client.ts';

/** What senders need of a connection. */
export interface OpenConnection {
  /** False as soon as it is known to be lost. */
  isOpen(): boolean;
  /** Ends it at once, and whatever it does with an error. */
  readonly destroy: () => void;
  close(): Promise<void>;
}

/** A connection whose tables are there. */
export interface OpenSession {
  readonly connection: OpenConnection;
}

/** What differs between databases. `signal` ends an attempt. */
export interface Database<Session extends OpenSession> {
  /**
   * What the user signs in with. Read before connecting: why there is none is then not taken for an error of the server.
   * @throws Error when the vault or Entra ID does not have it
   */
  readonly password: () => Promise<string>;
  /** @throws Error of the server, the network, or the driver; then it leaves no connection */
  readonly open: (password: string, signal: AbortSignal) => Promise<Session>;
  /** @throws Error of the server, the network, or the driver; then nothing, or perhaps everything, is stored */
  readonly store: (session: Session, batch: OutgoingBatch) => Promise<SendResult>;
  readonly resultOf: (error: unknown) => SendResult;
  /** Whether the connection is gone, or about to go, so that another one may succeed. */
  readonly isLost: (error: unknown) => boolean;
  readonly test: (signal: AbortSignal) => Promise<readonly TestStep[]>;
}

/** What takes longer is given up. */
const timeoutMs = 60_000;

function limited(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
}

export function createDatabaseSender<Session extends OpenSession>(
  database: Database<Session>,
): DestinationSender {
  let session: Session | undefined;
  const end = async () => {
    const connection = session?.connection;
    session = undefined;
    if (connection?.isOpen() === true) await connection.close().catch(() => undefined);
  };
  const attempt = async (batch: OutgoingBatch, signal: AbortSignal): Promise<SendResult> => {
    if (session?.connection.isOpen() !== true) session = undefined;
    const reused = session !== undefined;
    const password = reused ? '' : await database.password();
    try {
      const open = (session ??= await database.open(password, signal));
      return await within(signal, open.connection, () => database.store(open, batch));
    } catch (error) {
      const result = signal.aborted ? timedOut : database.resultOf(error);
      if (result.outcome !== 'refused') await end();
      // Servers and firewalls end idle connections. What the first attempt perhaps stored is not stored twice.
      return reused && database.isLost(error) && !signal.aborted ? await attempt(batch, signal) : result;
    }
  };
  return {
    send: (batch, signal) => attempt(batch, limited(signal)),
    test: (signal) => database.test(limited(signal)),
    close: end,
  };
}

const timedOut = resultOfUnreached({ status: undefined, code: 'Timeout' });

/** Destroys the connection when the signal fires: whatever waits for the server then fails. */
export async function within<T>(
  signal: AbortSignal,
  connection: Pick<OpenConnection, 'destroy'>,
  work: () => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  signal.addEventListener('abort', connection.destroy);
  try {
    return await work();
  } finally {
    signal.removeEventListener('abort', connection.destroy);
  }
}

/**
 * Makes a connection ready. @throws Error of the server, the network, or the driver; then it is destroyed
 */
export async function prepared<Session extends OpenSession>(
  signal: AbortSignal,
  connection: OpenConnection,
  prepare: () => Promise<Session>,
): Promise<Session> {
  try {
    return await within(signal, connection, prepare);
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

/** Sends records into a PostgreSQL database. */
import type { PostgresqlSettings } from '../../destinations/kinds/postgresql.ts';
import type { DestinationSender, OpenSender, SendResult } from '../../destinations/kind.ts';
import type { OutgoingBatch } from '../../destinations/outgoing.ts';
import { createNameResolver, type ResolveName } from '../resolve-name.ts';
import { resultOfUnreached } from './https-client.ts';
import { passwordOf, within, type Endpoint } from './postgresql/connection.ts';
import { isLost, resultOfFailure } from './postgresql/failure.ts';
import { openSession, store, type Session } from './postgresql/session.ts';
import { trySteps } from './postgresql/try-steps.ts';

export const openPostgresql = createPostgresqlOpener(createNameResolver());

export function createPostgresqlOpener(resolveName: ResolveName): OpenSender<PostgresqlSettings> {
  return (settings, context) => openSender({ settings, context, resolveName });
}

/** What takes longer is given up. */
const timeoutMs = 60_000;

function limited(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
}

function openSender(endpoint: Endpoint): DestinationSender {
  let session: Session | undefined;
  const end = async () => {
    const connection = session?.connection;
    session = undefined;
    if (connection?.isOpen() === true) await connection.close().catch(() => undefined);
  };
  const attempt = async (batch: OutgoingBatch, signal: AbortSignal): Promise<SendResult> => {
    if (session?.connection.isOpen() !== true) session = undefined;
    const reused = session !== undefined;
    const password = reused ? '' : await passwordOf(endpoint);
    try {
      const open = (session ??= await openSession(endpoint, password, signal));
      return await within(signal, open.connection, () => store(open, endpoint, batch));
    } catch (error) {
      const result = signal.aborted ? timedOut : resultOfFailure(error);
      if (result.outcome !== 'refused') await end();
      // Servers and firewalls end idle connections. What the first attempt perhaps stored is not stored twice.
      return reused && isLost(error) && !signal.aborted ? await attempt(batch, signal) : result;
    }
  };
  return {
    send: (batch, signal) => attempt(batch, limited(signal)),
    test: (signal) => trySteps(endpoint, limited(signal)),
    close: end,
  };
}

const timedOut = resultOfUnreached({ status: undefined, code: 'Timeout' });

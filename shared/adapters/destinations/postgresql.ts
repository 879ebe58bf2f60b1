/** Sends records into a PostgreSQL database. */
import type { PostgresqlSettings } from '../../destinations/kinds/postgresql.ts';
import type { OpenSender } from '../../destinations/kind.ts';
import { createNameResolver, type ResolveName } from '../resolve-name.ts';
import { passwordOf } from './postgresql/connection.ts';
import { isLost, resultOfFailure } from './postgresql/failure.ts';
import { openSession, store } from './postgresql/session.ts';
import { trySteps } from './postgresql/try-steps.ts';
import { createDatabaseSender } from './relational/sender.ts';

export const openPostgresql = createPostgresqlOpener(createNameResolver());

export function createPostgresqlOpener(resolveName: ResolveName): OpenSender<PostgresqlSettings> {
  return (settings, context) => {
    const endpoint = { settings, context, resolveName };
    return createDatabaseSender({
      password: () => passwordOf(endpoint),
      open: (password, signal) => openSession(endpoint, password, signal),
      store: (session, batch) => store(session, endpoint, batch),
      resultOf: resultOfFailure,
      isLost,
      test: (signal) => trySteps(endpoint, signal),
    });
  };
}

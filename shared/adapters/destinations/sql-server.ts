/** Sends records into a database of SQL Server or Azure SQL. */
import type { SqlServerSettings } from '../../destinations/kinds/sql-server.ts';
import type { OpenSender } from '../../destinations/kind.ts';
import { createNameResolver, type ResolveName } from '../resolve-name.ts';
import { createDatabaseSender } from './relational/sender.ts';
import { passwordOf } from './sql-server/connection.ts';
import { isLost, resultOfFailure } from './sql-server/failure.ts';
import { openSession, store } from './sql-server/session.ts';
import { trySteps } from './sql-server/try-steps.ts';

export const openSqlServer = createSqlServerOpener(createNameResolver());

export function createSqlServerOpener(resolveName: ResolveName): OpenSender<SqlServerSettings> {
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

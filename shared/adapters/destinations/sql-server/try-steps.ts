/** Tests a destination in SQL Server: nothing that it does stays. */
import * as z from 'zod';
import type { SendResult, TestStep } from '../../../destinations/kind.ts';
import { creatingStep, succeededStep, tryDatabase } from '../relational/tested-database.ts';
import type { Connection } from './client.ts';
import { connect, passwordOf, type Endpoint } from './connection.ts';
import { networkCodeOf, numberOf, resultOfFailure } from './failure.ts';
import { inTransaction, readSchemaState } from './schema.ts';
import { insertTestStatement, mayCreateStatement, rollbackStatement } from './statements.ts';

/** Tries each step until one fails. @throws Error when there is no password */
export async function trySteps(endpoint: Endpoint, signal: AbortSignal): Promise<readonly TestStep[]> {
  const password = await passwordOf(endpoint);
  return await tryDatabase(
    {
      connect: () => connect(endpoint, password, signal),
      tryTables: (connection) => tryTables(endpoint, connection),
      isAnswer: (error) => numberOf(error) !== undefined,
      networkCodeOf,
      resultOf,
    },
    signal,
  );
}

/** A database that cannot be opened may be waking up, which passes; in a test it is more likely that there is none. */
function resultOf(error: unknown): SendResult {
  const result = resultOfFailure(error);
  return numberOf(error) === cannotOpen && result.outcome === 'retry'
    ? { outcome: 'misconfigured', cause: result.cause, nextStep: checkDatabase }
    : result;
}

const cannotOpen = 4060;
const checkDatabase =
  'Check the name of the database, and whether it has a user for the login. If it was paused, test again in a minute.';

async function tryTables(
  { settings: { schema } }: Endpoint,
  connection: Connection,
): Promise<readonly TestStep[]> {
  const { exists, version } = await readSchemaState(connection, schema);
  if (version === 0) return [creatingStep(await mayCreate(connection, schema, exists))];
  await storeAndTakeBack(connection, schema);
  return [succeededStep('authorize'), succeededStep('send')];
}

const rightsSchema = z.tuple([z.object({ allowed: z.int() })]);

async function mayCreate(connection: Connection, schema: string, exists: boolean): Promise<boolean> {
  const rows = await connection.query(mayCreateStatement(schema, exists));
  return rightsSchema.parse(rows)[0].allowed === 1;
}

async function storeAndTakeBack(connection: Connection, schema: string): Promise<void> {
  await inTransaction(connection, async () => {
    await connection.query(insertTestStatement(schema));
    await connection.query(rollbackStatement);
  });
}

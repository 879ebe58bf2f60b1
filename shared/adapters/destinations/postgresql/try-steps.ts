/** Tests a destination in a PostgreSQL database: nothing that it does stays. */
import * as z from 'zod';
import { quoted } from '../../../destinations/kinds/postgresql/schema.ts';
import type { TestStep } from '../../../destinations/kind.ts';
import { creatingStep, succeededStep, tryDatabase } from '../relational/tested-database.ts';
import { connect, passwordOf, type Connection, type Endpoint } from './connection.ts';
import { networkCodeOf, resultOfFailure, sqlStateOf } from './failure.ts';
import { inTransaction, readSchemaState } from './schema.ts';

/** Tries each step until one fails. @throws Error when there is no password */
export async function trySteps(endpoint: Endpoint, signal: AbortSignal): Promise<readonly TestStep[]> {
  const password = await passwordOf(endpoint);
  return await tryDatabase(
    {
      connect: () => connect(endpoint, password, signal),
      tryTables: (connection) => tryTables(endpoint, connection),
      isAnswer: (error) => sqlStateOf(error) !== undefined,
      networkCodeOf,
      resultOf: resultOfFailure,
    },
    signal,
  );
}

async function tryTables(
  { settings: { schema } }: Endpoint,
  connection: Connection,
): Promise<readonly TestStep[]> {
  const { exists, version } = await readSchemaState(connection, schema);
  if (version === 0) return [creatingStep(await mayCreate(connection, schema, exists))];
  await storeAndTakeBack(connection, schema);
  return [succeededStep('authorize'), succeededStep('send')];
}

const rightsSchema = z.tuple([z.object({ allowed: z.boolean() })]);

async function mayCreate(connection: Connection, schema: string, exists: boolean): Promise<boolean> {
  const { rows } = await connection.query(
    exists
      ? "select has_schema_privilege($1, 'create') as allowed"
      : "select has_database_privilege(current_database(), 'create') and $1 <> '' as allowed",
    [schema],
  );
  return rightsSchema.parse(rows)[0].allowed;
}

async function storeAndTakeBack(connection: Connection, schema: string): Promise<void> {
  await inTransaction(connection, async () => {
    await connection.query(
      `insert into ${quoted(schema)}.records (tenant_id, id, created, landed, sequence, line)
values ('00000000-0000-0000-0000-000000000000', 'test', 'epoch', 'epoch', 0, 0)`,
    );
    await connection.query('rollback');
  });
}

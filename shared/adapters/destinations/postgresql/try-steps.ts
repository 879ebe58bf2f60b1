/** Tests a destination in a PostgreSQL database: nothing that it does stays. */
import * as z from 'zod';
import { quoted } from '../../../destinations/kinds/postgresql/schema.ts';
import type { TestStep } from '../../../destinations/kind.ts';
import { addressRefused } from '../../checked-lookup.ts';
import { connect, passwordOf, within, type Connection, type Endpoint } from './connection.ts';
import { networkCodeOf, resultOfFailure, sqlStateOf } from './failure.ts';
import { inTransaction, readSchemaState } from './schema.ts';

type StepName = TestStep['step'];

/** Tries each step until one fails. @throws Error when there is no password */
export async function trySteps(endpoint: Endpoint, signal: AbortSignal): Promise<readonly TestStep[]> {
  const password = await passwordOf(endpoint);
  try {
    const connection = await connect(endpoint, password, signal);
    const connected = beforeSending.map(succeededStep);
    return [...connected, ...(await within(signal, connection, () => tryTables(endpoint, connection)))];
  } catch (error) {
    const failed = stepOf(error);
    const before = beforeSending.slice(0, beforeSending.indexOf(failed)).map(succeededStep);
    return [...before, failedStep(failed, error)];
  }
}

const beforeSending: readonly StepName[] = ['resolve', 'connect', 'authenticate'];

const successes: Readonly<Record<StepName, string>> = {
  resolve: 'The name leads to an address that is allowed.',
  connect: 'Connected by TLS, with a certificate that is trusted.',
  authenticate: 'The user is signed in.',
  authorize: 'The user may store records.',
  send: 'A row was stored, and taken back.',
};

function succeededStep(step: StepName): TestStep {
  return { step, succeeded: true, detail: successes[step] };
}

/** Until it is connected. Names that cannot be resolved have codes of the resolver. */
function stepOf(error: unknown): StepName {
  if (sqlStateOf(error) !== undefined) return 'authenticate';
  const code = networkCodeOf(error);
  const unresolved =
    code === addressRefused || /^E(?:NOTFOUND|NODATA|SERVFAIL|TIMEOUT|CANCEL\w+)$/.test(code);
  return unresolved ? 'resolve' : 'connect';
}

function failedStep(step: StepName, error: unknown): TestStep {
  const result = resultOfFailure(error);
  const detail = 'cause' in result ? result.cause : 'The database refused.';
  const nextStep = result.outcome === 'misconfigured' ? result.nextStep : checkNetwork;
  return { step, succeeded: false, detail, nextStep };
}

const checkNetwork = 'Check the name, the port, and whether firewalls let this deployment through.';

async function tryTables(endpoint: Endpoint, connection: Connection): Promise<readonly TestStep[]> {
  const { schema } = endpoint.settings;
  try {
    const { exists, version } = await readSchemaState(connection, schema);
    if (version === 0) return [await tryCreating(connection, schema, exists)];
    await storeAndTakeBack(connection, schema);
    return [succeededStep('authorize'), succeededStep('send')];
  } catch (error) {
    return [failedStep('authorize', error)];
  } finally {
    await connection.close().catch(() => undefined);
  }
}

const rightsSchema = z.tuple([z.object({ allowed: z.boolean() })]);

/** Tables that do not exist yet are created with the first batch. */
async function tryCreating(connection: Connection, schema: string, exists: boolean): Promise<TestStep> {
  const { rows } = await connection.query(
    exists
      ? "select has_schema_privilege($1, 'create') as allowed"
      : "select has_database_privilege(current_database(), 'create') and $1 <> '' as allowed",
    [schema],
  );
  const detail = 'The tables do not exist yet.';
  return rightsSchema.parse(rows)[0].allowed
    ? { step: 'authorize', succeeded: true, detail: `${detail} The first batch will create them.` }
    : { step: 'authorize', succeeded: false, detail, nextStep: createTables };
}

const createTables = 'Create the tables as documented, or let the user create them.';

async function storeAndTakeBack(connection: Connection, schema: string): Promise<void> {
  await inTransaction(connection, async () => {
    await connection.query(
      `insert into ${quoted(schema)}.records (tenant_id, id, created, landed, sequence, line)
values ('00000000-0000-0000-0000-000000000000', 'test', 'epoch', 'epoch', 0, 0)`,
    );
    await connection.query('rollback');
  });
}

/** Tests of destinations in databases: each step until one fails. */
import type { SendResult, TestStep } from '../../../destinations/kind.ts';
import { addressRefused } from '../../checked-lookup.ts';
import { within, type OpenConnection } from './sender.ts';

type StepName = TestStep['step'];

/** What differs between databases. */
export interface TestedDatabase<Connection extends OpenConnection> {
  /** @throws Error of the server, the network, or the driver */
  readonly connect: () => Promise<Connection>;
  /** Tests the rights, and leaves nothing. @throws Error of the server */
  readonly tryTables: (connection: Connection) => Promise<readonly TestStep[]>;
  /** Whether the server sent this error, and not the network. */
  readonly isAnswer: (error: unknown) => boolean;
  readonly networkCodeOf: (error: unknown) => string;
  readonly resultOf: (error: unknown) => SendResult;
}

/** Tries each step until one fails. */
export async function tryDatabase<Connection extends OpenConnection>(
  database: TestedDatabase<Connection>,
  signal: AbortSignal,
): Promise<readonly TestStep[]> {
  try {
    const connection = await database.connect();
    const connected = beforeSending.map(succeededStep);
    return [...connected, ...(await within(signal, connection, () => tryRights(database, connection)))];
  } catch (error) {
    const failed = stepOf(database, error);
    const before = beforeSending.slice(0, beforeSending.indexOf(failed)).map(succeededStep);
    return [...before, failedStep(failed, database.resultOf(error))];
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

export function succeededStep(step: StepName): TestStep {
  return { step, succeeded: true, detail: successes[step] };
}

/** Until it is connected. Names that cannot be resolved have codes of the resolver. */
function stepOf<Connection extends OpenConnection>(
  { isAnswer, networkCodeOf }: TestedDatabase<Connection>,
  error: unknown,
): StepName {
  if (isAnswer(error)) return 'authenticate';
  const code = networkCodeOf(error);
  const unresolved =
    code === addressRefused || /^E(?:NOTFOUND|NODATA|SERVFAIL|TIMEOUT|CANCEL\w+)$/.test(code);
  return unresolved ? 'resolve' : 'connect';
}

function failedStep(step: StepName, result: SendResult): TestStep {
  const detail = 'cause' in result ? result.cause : 'The database refused.';
  const nextStep = result.outcome === 'misconfigured' ? result.nextStep : checkNetwork;
  return { step, succeeded: false, detail, nextStep };
}

const checkNetwork = 'Check the name, the port, and whether firewalls let this deployment through.';

async function tryRights<Connection extends OpenConnection>(
  { tryTables, resultOf }: TestedDatabase<Connection>,
  connection: Connection,
): Promise<readonly TestStep[]> {
  try {
    return await tryTables(connection);
  } catch (error) {
    return [failedStep('authorize', resultOf(error))];
  } finally {
    await connection.close().catch(() => undefined);
  }
}

/** Tables that do not exist yet are created with the first batch. */
export function creatingStep(allowed: boolean): TestStep {
  const detail = 'The tables do not exist yet.';
  return allowed
    ? { step: 'authorize', succeeded: true, detail: `${detail} The first batch will create them.` }
    : { step: 'authorize', succeeded: false, detail, nextStep: createTables };
}

const createTables = 'Create the tables as documented, or let the user create them.';

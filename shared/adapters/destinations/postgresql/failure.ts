/** What errors of a PostgreSQL server mean for a batch. */
import * as z from 'zod';
import type { SendResult } from '../../../destinations/kind.ts';
import { resultOfUnreached } from '../https-client.ts';

/** Errors of the server have a severity; codes of Node may be five letters too. */
const serverError = z.object({ code: z.string().regex(/^[0-9A-Z]{5}$/), severity: z.string() });
const codedError = z.object({ code: z.string() });

/** The SQLSTATE of an error that the server sent. @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
export function sqlStateOf(error: unknown): string | undefined {
  return serverError.safeParse(error).data?.code;
}

/** The code of an error of the network or of TLS. */
export function networkCodeOf(error: unknown): string {
  return codedError.safeParse(error).data?.code ?? 'Network';
}

/** Whether the connection is gone, or about to go, so that another one may succeed. */
export function isLost(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === undefined || /^(?:08|57P0)/.test(state);
}

/** Only the code of an error is passed on: texts and details of the server have values of records in them. */
export function resultOfFailure(error: unknown): SendResult {
  const state = sqlStateOf(error);
  if (state === undefined) return resultOfNetwork(error);
  const cause = `The database answered SQLSTATE ${state}.`;
  if (refusing.test(state)) return { outcome: 'refused', cause };
  const nextStep = nextSteps.find(({ states }) => states.test(state))?.nextStep;
  return nextStep === undefined ? { outcome: 'retry', cause } : { outcome: 'misconfigured', cause, nextStep };
}

/** The code of the error for a database that cannot hold every text. */
export const notUtf8 = 'NotUtf8';

/** The driver's error for a server without TLS has no code. */
const withoutTls = 'The server does not support SSL connections';

function resultOfNetwork(error: unknown): SendResult {
  if (error instanceof Error && error.message === withoutTls)
    return { outcome: 'misconfigured', cause: 'The server does not offer TLS.', nextStep: turnOnTls };
  const code = networkCodeOf(error);
  if (code === notUtf8)
    return {
      outcome: 'misconfigured',
      cause: 'The encoding of the database is not UTF8.',
      nextStep: useUtf8,
    };
  return resultOfUnreached({ status: undefined, code });
}

const turnOnTls = 'Turn on TLS at the server, with a certificate for its name.';
const useUtf8 = 'Use a database that was created with the encoding UTF8.';

/** Values that cannot be stored, violated constraints, and what exceeds a limit of the database. */
const refusing = /^(?:22|23|54)/;

/** What someone has to correct. All other states end without: lost connections, too many of them, full disks, deadlocks. */
const nextSteps: readonly { readonly states: RegExp; readonly nextStep: string }[] = [
  {
    states: /^28/,
    nextStep: 'Check the user, its password or its identity, and the access rules of the server.',
  },
  {
    states: /^3D000/,
    nextStep: 'Create the database, or correct its name in the settings of the destination.',
  },
  {
    states: /^42501/,
    nextStep:
      'Let the user create tables in the schema; or create them as documented, and let the user select and insert.',
  },
  {
    states: /^(?:42|3F)/,
    nextStep: 'Compare the tables of the schema with the documented ones: some were altered or dropped.',
  },
];

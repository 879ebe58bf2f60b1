/** What errors of SQL Server mean for a batch. */
import * as z from 'zod';
import type { SendResult } from '../../../destinations/kind.ts';
import { resultOfUnreached } from '../https-client.ts';
import { withoutTls } from './secure-socket.ts';

/** An error that the server sent, by its number. */
class AnsweredError extends Error {
  override readonly name = 'AnsweredError';
  readonly number: number;
  /** It has ended the connection. */
  readonly isFatal: boolean;

  constructor(number: number, isFatal: boolean) {
    super(`Error ${number}`);
    this.number = number;
    this.isFatal = isFatal;
  }
}

const serverError = z.object({ number: z.int(), class: z.int().optional() });

/** From this class on, the server ends the connection. */
const fatalClass = 20;

/**
 * An error of the driver as one of the server, if it is one. Of several that belong to one statement, the first says why.
 * @param number of a message that came before
 */
export function answered(error: Error, number?: number): Error {
  if (number !== undefined) return new AnsweredError(number, true);
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const sent = serverError.safeParse(first).data;
  return sent === undefined ? error : new AnsweredError(sent.number, (sent.class ?? 0) >= fatalClass);
}

/** The number of an error that the server sent. */
export function numberOf(error: unknown): number | undefined {
  return error instanceof AnsweredError ? error.number : undefined;
}

const codedError = z.object({ code: z.string() });
const causedError = z.object({ cause: z.unknown() });

/** The code of an error of the network or of TLS, which the driver wraps in one of its own. */
export function networkCodeOf(error: unknown): string {
  const cause = causedError.safeParse(error).data?.cause;
  return (codedError.safeParse(cause).data ?? codedError.safeParse(error).data)?.code ?? 'Network';
}

/** Whether the connection is gone, or about to go, so that another one may succeed. */
export function isLost(error: unknown): boolean {
  return !(error instanceof AnsweredError) || error.isFatal;
}

/** Only the number of an error is passed on: texts of the server have values of records in them. */
export function resultOfFailure(error: unknown): SendResult {
  const number = numberOf(error);
  if (number === undefined) return resultOfNetwork(error);
  const cause = `The database answered error ${number}.`;
  if (refusing.has(number)) return { outcome: 'refused', cause };
  const nextStep = nextSteps.find(({ numbers }) => numbers.has(number))?.nextStep;
  if (nextStep !== undefined) return { outcome: 'misconfigured', cause, nextStep };
  return { outcome: 'retry', cause, ...(throttling.has(number) ? { afterMs: throttledMs } : {}) };
}

function resultOfNetwork(error: unknown): SendResult {
  const code = networkCodeOf(error);
  const known = configured[code];
  return known === undefined
    ? resultOfUnreached({ status: undefined, code })
    : { outcome: 'misconfigured', ...known };
}

/** The code of the error for a database that is as old as one that cannot read JSON. */
export const oldDatabase = 'OldDatabase';

const configured: Readonly<Partial<Record<string, { readonly cause: string; readonly nextStep: string }>>> = {
  [withoutTls]: {
    cause: 'The server does not offer TLS.',
    nextStep: 'Turn on TLS at the server, with a certificate for its name.',
  },
  [oldDatabase]: {
    cause: 'The compatibility level of the database is lower than 130.',
    nextStep: 'Raise the compatibility level of the database to 130 or more, as SQL Server 2016 has it.',
  },
};

/**
 * Of Azure SQL, when it limits the resources of a database; it asks for ten seconds.
 * @see https://learn.microsoft.com/azure/azure-sql/database/troubleshoot-common-errors-issues
 */
const throttling: ReadonlySet<number> = new Set([10928, 10929, 40501, 49918, 49919, 49920]);
const throttledMs = 10_000;

/** Values that cannot be stored, violated constraints, rows that are too large, and JSON that the server does not read. */
const refusing: ReadonlySet<number> = new Set([
  ...[220, 232, 241, 242, 245, 248, 295, 511, 515, 547, 2601, 2627, 2628, 8114, 8115, 8152, 8169, 9420],
  ...[13608, 13609],
]);

/**
 * What someone has to correct. All other errors end without: lost connections, deadlocks (1205), locks (1222), memory,
 * full disks, a database that moves (40197, 40613) or wakes up (4060, which also means that there is none).
 */
const nextSteps: readonly { readonly numbers: ReadonlySet<number>; readonly nextStep: string }[] = [
  {
    numbers: new Set([18450, 18452, 18456]),
    nextStep: 'Check the login, its password or its identity, and whether the database has a user for it.',
  },
  {
    numbers: new Set([18470, 18486, 18487, 18488]),
    nextStep: 'Enable the login, or set its password again: it is locked, disabled, or has expired.',
  },
  {
    numbers: new Set([40532, 40615, 40914, 47073]),
    nextStep:
      'Let this deployment through in the firewall or the network rules of the server, and check its name.',
  },
  {
    numbers: new Set([229, 230, 262, 297, 300, 916, 2760, 15151, 15247]),
    nextStep:
      'Let the user create a schema, tables, and views; or create them as documented, and let the user select and insert.',
  },
  {
    numbers: new Set([207, 208, 213, 2714, 4902]),
    nextStep: 'Compare the tables of the schema with the documented ones: some were altered or dropped.',
  },
  {
    numbers: new Set([1101, 1105, 40544]),
    nextStep: 'Make room in the database, or raise its limits.',
  },
];

/** Starts the PostgreSQL server of a local run in its own process, and runs statements as `psql` does. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';
import { type Child, startChild } from './child.ts';
import type { Processes } from './processes.ts';

const readySchema = z.object({
  port: z.int(),
  /** Authority of its certificate. */
  caPem: z.string(),
  /** With the socket, through which the people of this machine need no password. */
  folder: z.string(),
});

/** Of the role that Auditkeep has, and of its database. */
export const [role, database] = ['auditkeep', 'audit'] as const;

export interface PostgresqlProcess extends Omit<Child<unknown>, 'ready'>, z.infer<typeof readySchema> {
  /** The command line that connects to the database. */
  readonly psql: readonly string[];
  /**
   * Rows of one query.
   * @param variables of psql: `:'name'` in the query
   * @throws {Error} with the answer of the server, when it refuses the query
   */
  readonly query: (sql: string, variables?: Readonly<Record<string, string>>) => Promise<unknown>;
}

/**
 * Starts it with an empty database.
 * @param bin folder of the binaries
 * @param password of the role; letters, digits, hyphens, and underscores
 */
export async function startPostgresqlProcess(bin: string, password: string): Promise<PostgresqlProcess> {
  const { ready, ...child } = await startChild({
    name: 'PostgreSQL',
    script: fileURLToPath(new URL('postgresql/main.ts', import.meta.url)),
    args: ['--bin', bin, '--database', database, '--role', role],
    env: { POSTGRESQL_PASSWORD: password },
    readyWhen: (line) => (line.startsWith('{') ? readySchema.parse(JSON.parse(line)) : undefined),
  });
  const { folder, port } = ready;
  const psql = [join(bin, 'psql'), '-h', folder, '-p', String(port), '-U', role, '-d', database];
  return {
    ...child,
    ...ready,
    psql,
    // The server must not outlive this process: who kills the one cannot kill the other.
    kill: () => void child.stop(),
    query: (sql, variables = {}) => query(psql, sql, variables),
  };
}

const notInstalled =
  'There is no PostgreSQL on this machine, so records are sent nowhere. Install it (Debian: apt-get install postgresql) and start again.';

export interface StartDatabaseOptions {
  /** Undefined where there are no binaries. */
  readonly bin: string | undefined;
  readonly password: string;
  readonly processes: Processes;
  readonly say: (line: string) => void;
}

/** Like {@link startPostgresqlProcess}; without binaries, it says so and starts nothing. */
export async function startDatabase({
  bin,
  password,
  processes,
  say,
}: StartDatabaseOptions): Promise<PostgresqlProcess | undefined> {
  say(bin === undefined ? notInstalled : 'Starting PostgreSQL');
  return bin === undefined ? undefined : processes.start(() => startPostgresqlProcess(bin, password));
}

async function query(
  [command = '', ...options]: readonly string[],
  sql: string,
  variables: Readonly<Record<string, string>>,
): Promise<unknown> {
  const set = Object.entries(variables).flatMap(([name, value]) => ['-v', `${name}=${value}`]);
  const args = [...options, '-qAtX', '-v', 'ON_ERROR_STOP=1', ...set];
  const running = promisify(execFile)(command, args, { maxBuffer: 2 ** 28 });
  const statement = sql.trim().replace(/;$/, '');
  // From its input, because psql replaces no variables in the option -c.
  running.child.stdin?.end(`select coalesce(json_agg(answer), '[]') from (${statement}) as answer;\n`);
  return JSON.parse((await running).stdout) as unknown;
}

/** A PostgreSQL server of a test: in a folder of its own, on a free port, with TLS. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import getPort from 'get-port';
import { createServerCertificate } from '../../simulator/ca.ts';
import { serverUser } from './binaries.ts';

/** As its administrator, by a socket of this machine. */
export interface Admin {
  /** Runs statements in the database @default postgres @returns what they print */
  run(sql: string, database?: string): string;
  /** Rows of a query. */
  rows(sql: string, database?: string): readonly Readonly<Record<string, unknown>>[];
  /** Runs statements in a transaction that stays open until the result is called. */
  hold(sql: string, database?: string): Promise<() => Promise<void>>;
}

export interface PostgresqlServer extends Admin {
  readonly port: number;
  /** With its data, and the socket for people of this machine. */
  readonly folder: string;
  /** Authority of its certificate, which is for localhost, 127.0.0.1, and ::1. */
  readonly caPem: string;
  /** Options of `psql` and others to reach it as its administrator. */
  readonly options: readonly string[];
  start(): Promise<void>;
  /** At once, as after a loss of power; connections end without a word. */
  crash(): Promise<void>;
  /** Ends it, and removes the folder. */
  remove(): Promise<void>;
}

/** @param bin folder of the binaries */
export async function startPostgresql(bin: string): Promise<PostgresqlServer> {
  const user = serverUser();
  // Paths of sockets are short.
  const folder = mkdtempSync('/tmp/auditkeep-pg-');
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const [port, certificate] = await Promise.all([getPort(), createServerCertificate()]);
  initialize({ bin, folder, user }, certificate);
  const options = ['-h', folder, '-p', String(port), '-U', 'admin'];
  let server = await startProcess({ bin, folder, user }, port);
  return {
    ...adminOf(bin, options),
    ...{ port, folder, options, caPem: certificate.caPem },
    start: async () => {
      server = await startProcess({ bin, folder, user }, port);
    },
    crash: () => end(server, 'SIGQUIT'),
    remove: async () => {
      await end(server, 'SIGINT');
      rmSync(folder, { recursive: true });
    },
  };
}

interface Place {
  readonly bin: string;
  readonly folder: string;
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
}

interface Certificate {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

const dataOf = (folder: string) => join(folder, 'data');

function initialize({ bin, folder, user }: Place, { certificatePem, privateKeyPem }: Certificate): void {
  const data = dataOf(folder);
  const options = ['--auth-local=trust', '--auth-host=scram-sha-256', '-E', 'UTF8', '--locale=C.UTF-8'];
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'admin', '--no-sync', ...options], {
    ...user,
    cwd: folder,
    stdio: 'ignore',
  });
  for (const [name, text] of [
    ['server.crt', certificatePem],
    ['server.key', privateKeyPem],
    // All who do not use the socket of this machine must come by TLS.
    ['pg_hba.conf', 'local all all trust\nhostssl all all all scram-sha-256\n'],
  ] as const) {
    const path = join(data, name);
    writeFileSync(path, text, { mode: 0o600 });
    if (user !== undefined) chownSync(path, user.uid, user.gid);
  }
}

async function startProcess({ bin, folder, user }: Place, port: number): Promise<ChildProcess> {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    ssl: 'on',
    // A crash of a server loses nothing without it; only one of the machine does.
    fsync: 'off',
    shared_buffers: '32MB',
    max_connections: 30,
    lc_messages: 'C',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(join(bin, 'postgres'), ['-D', dataOf(folder), ...options], {
    ...user,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  for await (const line of createInterface({ input: server.stderr }))
    if (line.includes('ready to accept connections')) break;
  // What it writes later must not fill the pipe.
  server.stderr.resume();
  return server;
}

async function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null) return;
  server.kill(signal);
  await once(server, 'exit');
}

function adminOf(bin: string, options: readonly string[]): Admin {
  const psql = join(bin, 'psql');
  const optionsFor = (database: string) => [...options, '-d', database, '-qAtX', '-v', 'ON_ERROR_STOP=1'];
  const run = (sql: string, database = 'postgres') =>
    execFileSync(psql, optionsFor(database), {
      // It keeps this process from ending what it may wait for.
      env: { ...process.env, PGOPTIONS: '-c lock_timeout=30s' },
      input: sql,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  return {
    run,
    rows: (sql, database) =>
      JSON.parse(run(`select coalesce(json_agg(answer), '[]') from (${sql}) as answer`, database)) as Record<
        string,
        unknown
      >[],
    async hold(sql, database = 'postgres') {
      const held = spawn(psql, optionsFor(database), { stdio: ['pipe', 'pipe', 'inherit'] });
      held.stdin.write(`begin; ${sql};\n\\echo held\n`);
      await once(held.stdout, 'data');
      return async () => {
        held.stdin.end('rollback;\n');
        await once(held, 'exit');
      };
    },
  };
}

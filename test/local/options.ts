/** The command line of `npm start`. */
import { stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import * as z from 'zod';
import type { Environment } from '../../scripts/command-line/context.ts';
import { UsageError } from '../../scripts/command-line/failure.ts';
import { knownOptions, refuseTakenByNpm } from '../../scripts/command-line/npm-options.ts';

export const usage = `Usage: npm start -- [options]

Builds Auditkeep and runs it on this machine against a Microsoft 365 simulator with three fictional tenants.
No one there has consented yet, and auditing is partly off: the script registers the tenants, has their administrators
consent, turns auditing on, which starts collection, and runs two queries. It keeps running until Ctrl-C.

  --records FILE  replay the audit records in FILE instead of the fictional tenants: JSON, one record per line or a list,
                  or CSV, of the Purview portal, Search-UnifiedAuditLog, or Graph; plain or gzip;
                  their tenant has already consented and has auditing on
  --destination postgresql
                  also send every record to a PostgreSQL server that runs as long as this does, and run the queries there
                  as SQL; needs the binaries of PostgreSQL (Debian: apt-get install postgresql)
  --exit          exit when done; exit code 1 if auditing could not be turned on, or anything was lost or not sent,
                  2 for invalid options
  --json          print one line of JSON on standard output, everything else on standard error
  --port N        port of the API (default: 7071, or a free one if that is in use)
  --data DIR      keep the data in DIR between runs (default: in memory)
  --live          use the real Microsoft 365, with the settings in local.settings.json
  --tenant ID     with --live: a tenant to register; may be repeated
  --help          show this help`;

export interface Options {
  readonly records: string | undefined;
  /** A kind of destinations whose receiver runs on this machine. */
  readonly destination: 'postgresql' | undefined;
  readonly exit: boolean;
  readonly json: boolean;
  /** Undefined: 7071 if possible. */
  readonly port: number | undefined;
  readonly data: string | undefined;
  readonly live: boolean;
  readonly tenants: readonly string[];
  readonly help: boolean;
}

const valuesSchema = z
  .object({
    records: z.string().optional(),
    destination: z.literal('postgresql', '--destination must be postgresql').optional(),
    exit: z.boolean().default(false),
    json: z.boolean().default(false),
    port: z
      .string()
      .regex(/^\d{1,5}$/, '--port must be a number from 1 to 65535')
      .transform(Number)
      .refine((port) => port >= 1 && port <= 65_535, '--port must be a number from 1 to 65535')
      .optional(),
    data: z.string().optional(),
    live: z.boolean().default(false),
    tenant: z.array(z.guid('--tenant must be a tenant ID (GUID)').toLowerCase()).default([]),
    help: z.boolean().default(false),
  })
  .refine(
    ({ live, records }) => !live || records === undefined,
    '--live and --records cannot be used together',
  )
  .refine(
    ({ live, destination }) => !live || destination === undefined,
    '--live and --destination cannot be used together',
  )
  .refine(
    ({ data, destination }) => data === undefined || destination === undefined,
    '--data and --destination cannot be used together, because the database ends with the run',
  )
  .refine(({ live, tenant }) => live || tenant.length === 0, '--tenant requires --live');

const known = {
  records: { type: 'string' },
  destination: { type: 'string' },
  exit: { type: 'boolean' },
  json: { type: 'boolean' },
  port: { type: 'string' },
  data: { type: 'string' },
  live: { type: 'boolean' },
  tenant: { type: 'string', multiple: true },
  help: { type: 'boolean' },
} as const satisfies ParseArgsConfig['options'];

/**
 * @param env of this process, as npm set it
 * @throws UsageError with one line that names the invalid option, or the one that npm took for itself
 */
export function parseOptions(args: readonly string[], env: Environment = {}): Options {
  refuseTakenByNpm(knownOptions(known), args, env);
  const result = valuesSchema.safeParse(readArguments(args));
  if (!result.success) throw new UsageError(result.error.issues[0]?.message ?? 'Invalid options');
  const { tenant, records, data, port, destination, ...flags } = result.data;
  return { ...flags, records, data, port, destination, tenants: [...new Set(tenant)] };
}

function readArguments(args: readonly string[]): unknown {
  try {
    return parseArgs({
      args: [...args],
      options: known,
    }).values;
  } catch (cause) {
    const [sentence = ''] = (cause instanceof Error ? cause.message : String(cause)).split(/\. |\n/);
    throw new UsageError(`${sentence} (npm start -- --help lists the options)`, { cause });
  }
}

/** @throws {Error} with one line when the data folder or the port cannot be used. */
export async function checkOptions({ data, port }: Options): Promise<void> {
  if (data !== undefined) await checkFolder(data);
  if (port !== undefined) await checkPort(port);
}

async function checkFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new Error(`${folder} cannot be used for data`, { cause: error });
  });
  if (found !== undefined && !found.isDirectory()) throw new Error(`${folder} is not a folder`);
}

function checkPort(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${error.code ?? error.message})`;
      reject(new Error(`Port ${port} ${reason}`));
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve();
      });
    });
  });
}

/** The command line of `npm start`. */
import { stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { parseArgs } from 'node:util';
import * as z from 'zod';

export const usage = `Usage: npm start -- [options]

Builds Auditkeep and runs it on this machine against a stand-in for Microsoft 365 with three invented tenants.
Nobody there has consented to it yet, and auditing is half off: registers them, has their administrators consent,
turns auditing on, collects because of that, and answers two questions. Stays up until Ctrl-C.

  --records FILE  replay the audit records in FILE (NDJSON, one record a line) in place of the invented tenants;
                  this one tenant has consented and is audited already
  --exit          end when done; exit code 1 if auditing could not be turned on, or anything was lost
  --json          print one line of JSON on standard output, everything else on standard error
  --port N        port of the API (default: 7071, or a free one where that is taken)
  --data DIR      keep the data in DIR between runs (default: in memory)
  --live          no stand-in: the real Microsoft 365, with the settings in local.settings.json
  --tenant ID     with --live: a tenant to register; may be repeated
  --help          this text`;

export interface Options {
  readonly records: string | undefined;
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
    tenant: z.array(z.guid('--tenant must be the id of a tenant, a GUID').toLowerCase()).default([]),
    help: z.boolean().default(false),
  })
  .refine(({ live, records }) => !live || records === undefined, '--live and --records exclude each other')
  .refine(({ live, tenant }) => live || tenant.length === 0, '--tenant needs --live');

/** @throws {Error} with one line saying which option is wrong. */
export function parseOptions(args: readonly string[]): Options {
  const result = valuesSchema.safeParse(readArguments(args));
  if (!result.success) throw new Error(result.error.issues[0]?.message ?? 'The options are not usable');
  const { tenant, records, data, port, ...flags } = result.data;
  return { ...flags, records, data, port, tenants: [...new Set(tenant)] };
}

function readArguments(args: readonly string[]): unknown {
  try {
    return parseArgs({
      args: [...args],
      options: {
        records: { type: 'string' },
        exit: { type: 'boolean' },
        json: { type: 'boolean' },
        port: { type: 'string' },
        data: { type: 'string' },
        live: { type: 'boolean' },
        tenant: { type: 'string', multiple: true },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (cause) {
    const [sentence = ''] = (cause instanceof Error ? cause.message : String(cause)).split(/\. |\n/);
    throw new Error(`${sentence} (npm start -- --help lists the options)`, { cause });
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

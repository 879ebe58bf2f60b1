/** Reads what the Functions host reads from a project: host.json, package.json, and local.settings.json. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { describeIssue } from '../../../shared/describe-issue.ts';
import type { HttpLimits } from './http-throttle.ts';

/** `hh:mm:ss`, the duration format of host.json, converted to milliseconds. */
const timeSpanMs = z
  .string()
  .regex(/^\d{2}:\d{2}:\d{2}$/, 'must be hh:mm:ss')
  .transform((text) => {
    const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
    return ((hours * 60 + minutes) * 60 + seconds) * 1000;
  });

/** @see https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue#host-json (defaults) */
const queuesSchema = z.object({
  maxPollingInterval: timeSpanMs.prefault('00:01:00'),
  visibilityTimeout: timeSpanMs.prefault('00:00:00'),
  batchSize: z.int().min(1).max(32).default(16),
  maxDequeueCount: z.int().min(1).default(5),
  newBatchThreshold: z.int().min(0).optional(),
  messageEncoding: z.enum(['base64', 'none']).default('base64'),
});

const unlimited = -1;
const limit = z
  .int()
  .default(unlimited)
  .transform((count) => (count === unlimited ? Infinity : count));

/** @see https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook#hostjson-settings */
const httpSchema = z.object({
  routePrefix: z.string().default('api'),
  maxConcurrentRequests: limit,
  maxOutstandingRequests: limit,
});

const hostSchema = z.object({
  version: z.literal('2.0'),
  extensions: z
    .object({
      http: httpSchema.prefault({}),
      queues: queuesSchema.prefault({}),
    })
    .prefault({}),
});

export type QueueSettings = Omit<z.infer<typeof queuesSchema>, 'newBatchThreshold'> & {
  readonly newBatchThreshold: number;
  /** How long a received message stays hidden while its function runs; renewed after half of that time. */
  readonly leaseSeconds: number;
};

/** The same as in the Functions host; tests that kill a host during work need less. */
const leaseSchema = z.coerce.number().int().min(2).default(600);

export interface ProjectSettings {
  readonly routePrefix: string;
  readonly httpLimits: HttpLimits;
  readonly queues: QueueSettings;
  /** The script that registers the functions. */
  readonly mainFile: string;
}

/** @throws {Error} naming the file that is missing or invalid. */
export function readProject(folder: string): ProjectSettings {
  const { http, queues } = readJson(join(folder, 'host.json'), hostSchema).extensions;
  const { main } = readJson(join(folder, 'package.json'), z.object({ main: z.string() }));
  const newBatchThreshold = queues.newBatchThreshold ?? Math.floor(queues.batchSize / 2);
  return {
    routePrefix: http.routePrefix,
    httpLimits: http,
    queues: {
      ...queues,
      newBatchThreshold,
      leaseSeconds: leaseSchema.parse(process.env['LOCAL_HOST_LEASE_SECONDS']),
    },
    mainFile: join(folder, main),
  };
}

/**
 * The Values of local.settings.json; undefined if the file does not exist.
 * @throws {Error} naming the file when it is malformed.
 */
export function readLocalSettings(folder: string): Readonly<Record<string, string>> | undefined {
  const file = join(folder, 'local.settings.json');
  if (!existsSync(file)) return undefined;
  return readJson(file, z.object({ Values: z.record(z.string(), z.string()) })).Values;
}

function readJson<Output>(file: string, schema: z.ZodType<Output>): Output {
  const result = schema.safeParse(parseJson(file), { error: describeIssue });
  if (!result.success) throw new Error(`${file}: ${describeIssues(result.error)}`);
  return result.data;
}

function parseJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(cause instanceof SyntaxError ? `${file} is not JSON` : `${file} cannot be read`, {
      cause,
    });
  }
}

function describeIssues(error: z.ZodError): string {
  const subjectOf = (path: readonly PropertyKey[]) =>
    path.length === 0 ? 'the file' : `'${path.join('.')}'`;
  return error.issues.map(({ path, message }) => `${subjectOf(path)} ${message}`).join('; ');
}

/** Replaces `%NAME%` with application settings, as the Functions host does in schedules and queue names. */
export function resolveSettings(text: string, settings: NodeJS.ProcessEnv): string {
  return text.replace(/%([^%\s]+)%/g, (_, name: string) => {
    const value = settings[name];
    if (value === undefined) throw new Error(`The setting ${name}, named by "${text}", is missing`);
    return value;
  });
}

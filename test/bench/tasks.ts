/** The tasks that measured processes do, and what goes to them and comes back. */
import * as z from 'zod';
import { contentTypeSchema } from '../../shared/activity/content-types.ts';
import { indexRequestSchema } from '../../shared/landing/work-queues.ts';

export interface Task<Input, Result> {
  readonly name: string;
  readonly input: z.ZodType<Input>;
  readonly result: z.ZodType<Result>;
}

export type InputOf<T> = T extends { readonly input: z.ZodType<infer Input> } ? Input : never;
export type ResultOf<T> = T extends { readonly result: z.ZodType<infer Result> } ? Result : never;

const defineTask = <Input, Result>(
  name: string,
  input: z.ZodType<Input>,
  result: z.ZodType<Result>,
): Task<Input, Result> => ({ name, input, result });

/** Epoch milliseconds: dates do not survive the way between processes. */
const moment = z.int();

const feedStretch = z.object({
  tenantId: z.guid(),
  contentType: contentTypeSchema,
  from: moment,
  to: moment,
});

/** Lists and downloads what the feed has in a stretch of time, and throws it away. */
export const download = defineTask(
  'download',
  feedStretch,
  z.object({ seconds: z.number(), cpuSeconds: z.number(), contentBlobs: z.number(), bytes: z.number() }),
);

/** Polls a tenant once; nothing is indexed. */
export const land = defineTask(
  'land',
  z.object({
    tenantId: z.guid(),
    contentTypes: z.array(contentTypeSchema),
    /** As if the feed had been listed up to here before; absent: never. */
    listedThrough: moment.optional(),
  }),
  z.object({
    seconds: z.number(),
    cpuSeconds: z.number(),
    contentBlobs: z.number(),
    records: z.number(),
    peakMb: z.number(),
  }),
);

/** The index messages of a tenant's landings. */
export const findLandings = defineTask(
  'findLandings',
  z.object({ tenantId: z.guid() }),
  z.object({ landings: z.array(indexRequestSchema), textBytes: z.number() }),
);

const written = z.object({ seconds: z.number(), rows: z.number(), transactions: z.number() });
const landings = z.object({ landings: z.array(indexRequestSchema) });

/** Indexes landings one after the other. */
export const index = defineTask(
  'index',
  landings,
  written.omit({ transactions: true }).extend({ peakMb: z.number() }),
);

/** Indexes landings one after the other while rules are applied: none, or fifty. */
export const indexWatched = defineTask(
  'indexWatched',
  landings.extend({
    rules: z.enum(['none', 'fifty']),
    /** Where rows, states of groups, and findings go. Watches are read from memory in either case. */
    stores: z.enum(['storage', 'memory']),
  }),
  z.object({ seconds: z.number(), cpuSeconds: z.number(), records: z.number(), findings: z.number() }),
);

/** Writes the same rows as `index` in bare transactions, made ready before the clock starts. */
export const writeBare = defineTask('writeBare', landings, written);

/** Registers a tenant and starts its subscriptions. */
export const register = defineTask(
  'register',
  z.object({ tenantId: z.guid() }),
  z.object({ created: z.boolean() }),
);

/** Makes auditing right in a registered tenant, message after message, and verifies it. */
export const enable = defineTask(
  'enable',
  z.object({ tenantId: z.guid() }),
  z.object({ seconds: z.number(), cpuSeconds: z.number(), messages: z.int() }),
);

/** Polls a tenant as for a message, then indexes until the queue is empty, like the Functions host. */
export const collect = defineTask(
  'collect',
  z.object({ tenantId: z.guid() }),
  z.object({ indexed: z.number(), rows: z.number() }),
);

/** Bytes by Azure's formula of the entities in all tables whose name begins so. */
export const weighTables = defineTask(
  'weighTables',
  z.object({ prefix: z.string() }),
  z.object({ entities: z.number(), bytes: z.number() }),
);

const question = z.object({ tenantId: z.guid(), apiKey: z.string() });

/** Who acts in a tenant's newest records. */
export const findUsers = defineTask('findUsers', question, z.object({ users: z.array(z.string()) }));

/** Queries the records of one user after the other in [from, to), following next links, for this many pages. */
export const ask = defineTask(
  'ask',
  question.extend({
    users: z.array(z.string()).min(1),
    from: moment,
    to: moment,
    top: z.int(),
    pages: z.int(),
  }),
  z.object({
    /** Milliseconds of each page. */
    durations: z.array(z.number()),
    rows: z.number(),
    rowsRead: z.number(),
    /** Requests to the index, as the app itself counts them. */
    scans: z.number(),
  }),
);

/** Asks one question again and again: its first page, or all of its pages. */
export const repeat = defineTask(
  'repeat',
  question.extend({
    /** Below the tenant. */
    path: z.enum(['records', 'records/summary']),
    parameters: z.record(z.string(), z.string()),
    allPages: z.boolean(),
    times: z.int().positive(),
  }),
  z.object({
    /** Milliseconds of each time. */
    durations: z.array(z.number()),
    /** Of one time; requests to the index and rows read, as the app itself counts them. */
    scans: z.number(),
    rowsRead: z.number(),
    /** Returned: records, or groups. */
    rows: z.number(),
    pages: z.number(),
  }),
);

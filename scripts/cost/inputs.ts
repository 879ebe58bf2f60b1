/** What the cost depends on, and the command line that tells it. */
import { parseArgs } from 'node:util';
import * as z from 'zod';

/** Sizes of an instance, in megabytes; Flex Consumption knows no others. */
const memories = [512, 2048, 4096] as const;

export interface CostInputs {
  readonly tenants: number;
  /** Of each tenant. */
  readonly recordsPerDay: number;
  /** Of each tenant; looked at once, when auditing is switched on. */
  readonly mailboxes: number;
  /** How long records are kept; the later month of the bill is the one in which so much lies there. */
  readonly retentionDays: number;
  /** Pages of answers, of all tenants together. */
  readonly queriesPerDay: number;
  readonly memory: (typeof memories)[number];
  readonly privateEndpoints: number;
}

export interface CostOptions {
  readonly inputs: CostInputs;
  readonly json: boolean;
  readonly help: boolean;
}

export const defaults: CostInputs = {
  ...{ tenants: 1, recordsPerDay: 1000, mailboxes: 100, retentionDays: 365, queriesPerDay: 100 },
  ...{ memory: 512, privateEndpoints: 0 },
};

export const usage = `Usage: npm run cost -- [options]

Estimates what Auditkeep costs a month, in US dollars at list prices. docs/cost.md says how.

  --tenants N           (${defaults.tenants})
  --recordsPerDay N     of each tenant (${defaults.recordsPerDay})
  --mailboxes N         of each tenant (${defaults.mailboxes})
  --retentionDays N     how long records are kept (${defaults.retentionDays})
  --queriesPerDay N     pages of answers, all tenants together (${defaults.queriesPerDay})
  --memory MB           of an instance: ${memories.join(', ')} (${defaults.memory})
  --privateEndpoints N  (${defaults.privateEndpoints})
  --json                print one JSON object in place of the table
  --help                this text`;

const wholeNumber = (least: number, most: number, fallback: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, `takes a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `takes a whole number from ${least} to ${most}`)
    .default(fallback);

const valuesSchema = z.object({
  tenants: wholeNumber(0, 100_000, defaults.tenants),
  recordsPerDay: wholeNumber(0, 1_000_000_000, defaults.recordsPerDay),
  mailboxes: wholeNumber(0, 10_000_000, defaults.mailboxes),
  retentionDays: wholeNumber(1, 3650, defaults.retentionDays),
  queriesPerDay: wholeNumber(0, 1_000_000_000, defaults.queriesPerDay),
  memory: z
    .string()
    .transform(Number)
    .pipe(z.literal(memories, `takes ${memories.join(', ')}`))
    .default(defaults.memory),
  privateEndpoints: wholeNumber(0, 100, defaults.privateEndpoints),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

/** @throws {Error} with a line for each option that is wrong */
export function parseInputs(args: readonly string[]): CostOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ tenants: text, recordsPerDay: text, mailboxes: text, retentionDays: text },
      ...{ queriesPerDay: text, memory: text, privateEndpoints: text },
      ...{ json: { type: 'boolean' }, help: { type: 'boolean' } },
    },
  });
  const result = valuesSchema.safeParse(values);
  if (!result.success)
    throw new Error(
      result.error.issues.map(({ path, message }) => `--${path.join('.')} ${message}`).join('\n'),
    );
  const { json, help, ...inputs } = result.data;
  return { inputs, json, help };
}

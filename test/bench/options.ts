/** The command line of `npm run bench`. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import * as z from 'zod';
import type { Environment } from '../../scripts/command-line/context.ts';
import { knownOptions, refuseTakenByNpm } from '../../scripts/command-line/npm-options.ts';
import { partLetters, type PartLetter } from './figures.ts';

export const usage = `Usage: npm run bench -- [options]

Measures Auditkeep against a Microsoft 365 simulator and a storage emulator on this machine.

  --only LETTERS  only these parts: a landing, b indexing, c memory, d storage operations, e queries,
                  f mailboxes, g neighbors, h growth, i arrivals, j destinations, k watches
  --large         growth to 320,000 records, not just 80,000
  --json          print one JSON object on standard output in place of the table
  --profile DIR   leave a CPU profile of every measured process in DIR
  --help          this text`;

export interface Options {
  readonly parts: readonly PartLetter[];
  readonly large: boolean;
  readonly json: boolean;
  readonly profile: string | undefined;
  readonly help: boolean;
}

const valuesSchema = z.object({
  only: z
    .string()
    .transform((text) => text.split(/[\s,]*/))
    .pipe(z.array(z.enum(partLetters)))
    .default([...partLetters]),
  large: z.boolean().default(false),
  json: z.boolean().default(false),
  profile: z.string().optional(),
  help: z.boolean().default(false),
});

const known = {
  only: { type: 'string' },
  large: { type: 'boolean' },
  json: { type: 'boolean' },
  profile: { type: 'string' },
  help: { type: 'boolean' },
} as const satisfies ParseArgsConfig['options'];

/**
 * @param env of this process, as npm set it
 * @throws {Error} with one line saying which option is wrong, or which one npm took for itself
 */
export function parseOptions(args: readonly string[], env: Environment = {}): Options {
  refuseTakenByNpm(knownOptions(known), args, env);
  const { values } = parseArgs({ args: [...args], options: known });
  const result = valuesSchema.safeParse(values);
  if (!result.success) throw new Error(`--only takes letters of ${partLetters.join(', ')}`);
  const { only, profile, ...flags } = result.data;
  return { ...flags, profile, parts: partLetters.filter((letter) => only.includes(letter)) };
}

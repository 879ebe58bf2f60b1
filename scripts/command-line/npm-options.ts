/** Options that npm keeps for itself where `--` is missing: they reach the script's environment, not its arguments. */
import type { ParseArgsConfig } from 'node:util';
import type { Environment } from './context.ts';
import { TakenByNpmError } from './failure.ts';

/** An option of the command that runs. */
export interface KnownOption {
  /** E.g. `--dry-run`. */
  readonly long: string;
  readonly hasValue: boolean;
}

/** The options of `parseArgs`. */
export function knownOptions(options: NonNullable<ParseArgsConfig['options']>): readonly KnownOption[] {
  return Object.entries(options).map(([name, { type }]) => ({
    long: `--${name}`,
    hasValue: type === 'string',
  }));
}

/** What npm 11 reads some options as: the beginning of a longer name, or a row of one-letter options. */
const npmReadings: Readonly<Record<string, readonly string[]>> = {
  '--days': ['all', 'yes'],
  '--dlp': ['long', 'parseable'],
  '--to': ['token_description'],
};

/**
 * Refuses to run when npm took an option of the command for itself, because the command would do something other
 * than what was typed.
 * @throws TakenByNpmError
 */
export function refuseTakenByNpm(
  options: readonly KnownOption[],
  args: readonly string[],
  env: Environment,
): void {
  const event = env['npm_lifecycle_event'];
  if (event === undefined) return;
  const isGiven = ({ long }: KnownOption) => args.some((arg) => arg === long || arg.startsWith(`${long}=`));
  const taken = options.filter((option) => !isGiven(option) && isTaken(option, env));
  if (taken.length === 0) return;
  const names = taken.map(({ long }) => long).join(', ');
  const npm = event === 'start' ? 'npm start' : `npm run ${event}`;
  const rest = taken.some(({ hasValue }) => hasValue) ? outline(args) : typedArguments(args, env);
  const wanted = taken.map(({ long, hasValue }) => (hasValue ? `${long} …` : long));
  throw new TakenByNpmError(
    `npm took ${names} for itself: write ${[npm, '--', ...rest, ...wanted].join(' ')}`,
  );
}

/** npm sets a variable to nothing for an option that is off. */
function isTaken({ long }: KnownOption, env: Environment): boolean {
  const isSet = (name: string) => (env[`npm_config_${name}`] ?? '') !== '';
  return isSet(long.slice(2).replaceAll('-', '_')) || (npmReadings[long]?.every(isSet) ?? false);
}

/** npm leaves the value of an option behind as an argument, so it looks like one of them. */
function outline(args: readonly string[]): readonly string[] {
  return args.length === 0 ? [] : ['…'];
}

/** Without the command's name, if it is part of the script that npm runs. */
function typedArguments(args: readonly string[], env: Environment): readonly string[] {
  const isFixed = args[0] !== undefined && (env['npm_lifecycle_script'] ?? '').endsWith(` ${args[0]}`);
  return args.slice(isFixed ? 1 : 0).map(quote);
}

function quote(arg: string): string {
  return /^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", String.raw`'\''`)}'`;
}

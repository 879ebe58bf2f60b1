/** Reads the values of a command line's options and arguments. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from './usage.ts';

export const flag = { type: 'boolean' } as const;
export const text = { type: 'string' } as const;
export const texts = { type: 'string', multiple: true } as const;

/** Besides the given ones, `--json` is an option of every command. @throws UsageError */
export function readArguments<T extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: T,
) {
  try {
    const all: T & { readonly json: typeof flag } = { ...options, json: flag };
    return parseArgs({ args: [...args], options: all, allowPositionals: true });
  } catch (cause) {
    const [sentence = ''] = (cause instanceof Error ? cause.message : String(cause)).split(/\. |\n/);
    throw new UsageError(sentence, { cause });
  }
}

/** @throws UsageError when there is none, or more */
export function tenantIn(positionals: readonly string[]): string {
  return onlyOne(positionals, 'its id, domain or name');
}

/** @throws UsageError when there is none, or more */
export function onlyOne(positionals: readonly string[], how: string): string {
  const [first, second] = positionals;
  if (first === undefined || first.trim() === '') throw new UsageError(`The tenant is missing: give ${how}`);
  if (second !== undefined) throw new UsageError(`Unexpected argument '${second}'`);
  return first.trim();
}

/** Separated by commas. @throws UsageError naming the option, for an empty item or one that is not allowed */
export function listOf(
  option: string,
  value: string | undefined,
  allowed?: readonly string[],
): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const items = value.split(',').map((item) => item.trim());
  if (items.includes('')) throw new UsageError(`${option} has an empty item`);
  return allowed === undefined ? items : items.map((item) => oneOf(option, allowed, item));
}

/** Whatever its case. @throws UsageError naming the option */
export function oneOf(option: string, allowed: readonly string[], value: string): string {
  const found = allowed.find((each) => each.toLowerCase() === value.toLowerCase());
  if (found === undefined) throw new UsageError(`${option} must be of ${allowed.join(', ')}, not ${value}`);
  return found;
}

/** @throws UsageError */
export function daysOf(value: string): number {
  const days = /^\d{1,4}$/.test(value) ? Number(value) : 0;
  if (days < 1 || days > 3650) throw new UsageError('--age-days must be a number from 1 to 3650');
  return days;
}

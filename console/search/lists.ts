/** Lists as the API and addresses write them: separated by commas; a value with a comma or a quote is in quotes. */
import type { Codec } from '../url/codecs.ts';

export function joinValues(values: readonly string[]): string {
  return values.map(quoted).join(',');
}

function quoted(value: string): string {
  return /[",]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** Values around which nothing is, and none that are empty. */
export function splitValues(text: string): readonly string[] {
  const parts = text.match(/(?:"(?:[^"]|"")*"|[^,])+/g) ?? [];
  return parts.map((part) => unquoted(part.trim())).filter((part) => part !== '');
}

function unquoted(part: string): string {
  return /^"(?:[^"]|"")*"$/.test(part) ? part.slice(1, -1).replaceAll('""', '"') : part;
}

export const list: Codec<readonly string[]> = listOr([]);

/** Left out if it equals the fallback. */
export function listOr(fallback: readonly string[]): Codec<readonly string[]> {
  return {
    parse: (given) => (given === null ? fallback : splitValues(given)),
    format: (values) => (joinValues(values) === joinValues(fallback) ? undefined : joinValues(values)),
  };
}

/** No value or one. */
export const single: Codec<readonly string[]> = {
  parse: (given) => (given === null || given === '' ? [] : [given]),
  format: ([value]) => value,
};

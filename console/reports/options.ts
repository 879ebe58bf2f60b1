/** Options of a report, as the address of the form has them and as a request does. */
import type { Codec } from '../url/codecs.ts';
import type { Kind } from './kinds-in.ts';

export type Options = Readonly<Record<string, readonly string[]>>;

/** In addresses: JSON of the options that are set. */
export const optionsCodec: Codec<Options> = {
  parse: (given) => fromJson(given ?? '{}'),
  format: (options) => {
    const chosen = Object.entries(options).filter(([, values]) => values.length > 0);
    return chosen.length === 0 ? undefined : JSON.stringify(Object.fromEntries(chosen));
  },
};

function fromJson(text: string): Options {
  try {
    const given: unknown = JSON.parse(text);
    const entries = typeof given === 'object' && given !== null ? Object.entries(given) : [];
    return Object.fromEntries(entries.map(([name, values]) => [name, textsIn(values)]));
  } catch {
    return {};
  }
}

function textsIn(values: unknown): readonly string[] {
  return Array.isArray(values) ? values.filter((value) => typeof value === 'string') : [];
}

/** Those of this kind that are set: what is not set is left to the kind. */
export function requested({ options }: Kind, chosen: Options): Readonly<Record<string, string | string[]>> {
  return Object.fromEntries(
    options.flatMap(({ name, isList }) => {
      const [first = '', ...others] = chosen[name] ?? [];
      return first === '' ? [] : [[name, isList ? [first, ...others] : first]];
    }),
  );
}

/** `globalAdministrator` as people read it: `Global administrator`. */
export function readable(value: string): string {
  const words = value.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

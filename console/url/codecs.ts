/** How members of a view's state are written in its address: what equals its default is left out. */

export interface Codec<Value> {
  /** Of what is in the address; anything that it cannot read is its default. */
  parse(text: string | null): Value;
  /** Undefined: the default, which is left out. */
  format(value: Value): string | undefined;
}

export type Schema = Readonly<Record<string, Codec<unknown>>>;
export type StateOf<S extends Schema> = {
  readonly [Name in keyof S]: S[Name] extends Codec<infer Value> ? Value : never;
};

export function text(fallback = ''): Codec<string> {
  return { parse: (given) => given ?? fallback, format: (value) => (value === fallback ? undefined : value) };
}

export function oneOf<const Value extends string>(values: readonly Value[], fallback: Value): Codec<Value> {
  return {
    parse: (given) => values.find((value) => value === given) ?? fallback,
    format: (value) => (value === fallback ? undefined : value),
  };
}

export const flag: Codec<boolean> = {
  parse: (given) => given === 'true',
  format: (value) => (value ? 'true' : undefined),
};

export function readState<S extends Schema>(schema: S, search: string): StateOf<S> {
  const given = new URLSearchParams(search);
  const entries = Object.entries(schema).map(([name, codec]) => [name, codec.parse(given.get(name))]);
  // Each member is what its own codec made of it.
  return Object.fromEntries(entries) as StateOf<S>;
}

interface Change {
  /** The state before stays in the history, so that Back returns to it. By default it is replaced, as while typing. */
  readonly push?: boolean;
}

/** Changes the state of a view; what is not given stays. */
export type ChangeState<S extends Schema> = (changes: Partial<StateOf<S>>, change?: Change) => void;

/** The query with these changes, and everything else in it as it was. */
export function writeState<S extends Schema>(
  schema: S,
  search: string,
  changes: Partial<StateOf<S>>,
): string {
  const query = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    const written = schema[name]?.format(value);
    if (written === undefined) query.delete(name);
    else query.set(name, written);
  }
  const written = query.toString();
  return written === '' ? '' : `?${written}`;
}

/** Values that are made once, and modules that are loaded when they are first used. */

/** The same function, which does its work on the first call. */
export function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/**
 * Loads a module of the app when it is first used: a file of its own in the package, which no cold start reads.
 * @param load `() => import('./module.ts')`, written out: that is where the build finds it
 * @throws {Error} that names the file, when it cannot be loaded; the next call retries
 */
export async function loadPart<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `A part of the app cannot be loaded: ${reason}. Deploy the whole package: main.mjs and the folder chunks belong together.`;
    throw new Error(message, { cause });
  }
}

/** The same function, which does its work once for each argument. */
export function memoize<A extends object, T>(make: (argument: A) => T): (argument: A) => T {
  const made = new WeakMap<A, { readonly value: T }>();
  return (argument) => {
    const known = made.get(argument) ?? { value: make(argument) };
    made.set(argument, known);
    return known.value;
  };
}

/** The same function, which remembers what it made of the last argument: for arguments that come one after the other. */
export function rememberLast<A extends object, T>(make: (argument: A) => T): (argument: A) => T {
  let last: { readonly argument: A; readonly value: T } | undefined;
  return (argument) => {
    if (last?.argument !== argument) last = { argument, value: make(argument) };
    return last.value;
  };
}

/**
 * The same function, which does its work once for each text, as long as there are few.
 * @param most texts that are remembered at a time
 */
export function memoizeTexts<T>(make: (text: string) => T, most = 1000): (text: string) => T {
  const made = new Map<string, { readonly value: T }>();
  return (text) => {
    const known = made.get(text);
    if (known !== undefined) return known.value;
    if (made.size >= most) made.clear();
    const value = make(text);
    made.set(text, { value });
    return value;
  };
}

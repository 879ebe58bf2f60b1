/** Values that are made once. */

/** The same function, which does its work on the first call. */
export function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
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

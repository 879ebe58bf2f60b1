/** Reads the beginning of a stream before it is decided how to read the whole. */

export interface Peeked<T> {
  /** What was read. Put it before the rest with {@link prepend}. */
  readonly start: T[];
  readonly rest: AsyncIterable<T>;
}

/** Reads until what was read is enough, or the source has ended. */
export async function peek<T>(
  source: AsyncIterable<T>,
  isEnough: (start: readonly T[]) => boolean,
): Promise<Peeked<T>> {
  const iterator = source[Symbol.asyncIterator]();
  const start: T[] = [];
  while (!isEnough(start)) {
    const next = await iterator.next();
    if (next.done === true) break;
    start.push(next.value);
  }
  return { start, rest: { [Symbol.asyncIterator]: () => iterator } };
}

/** How much was read: bytes or characters. */
export function lengthOf(start: readonly { readonly length: number }[]): number {
  return start.reduce((sum, { length }) => sum + length, 0);
}

/** The first ones, then the rest. Takes the first ones out of their array, which then holds them no longer. */
export async function* prepend<T>(first: T[], rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield* first.splice(0);
  yield* rest;
}

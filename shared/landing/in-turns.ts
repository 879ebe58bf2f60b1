/** Fairness between several sources in one stream. */

/**
 * One item of each source in turn, until all have ended. A source that does not end delays the others by one item at a
 * time. What a source throws, this throws.
 */
export async function* inTurns<T>(sources: readonly AsyncGenerator<T>[]): AsyncGenerator<T> {
  let running = [...sources];
  while (running.length > 0) {
    const ended = new Set<AsyncGenerator<T>>();
    for (const source of running) {
      const next = await source.next();
      if (next.done === true) ended.add(source);
      else yield next.value;
    }
    running = running.filter((source) => !ended.has(source));
  }
}

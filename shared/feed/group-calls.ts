/** Calls that come while earlier work is in progress are done together. */

export interface GroupOptions<T> {
  /** In one group. */
  readonly maxKeys: number;
  /** Two calls with the same key. */
  readonly merge: (one: T, other: T) => T;
  readonly run: (group: ReadonlyMap<string, T>) => Promise<void>;
}

interface Group<T> {
  readonly calls: Map<string, T>;
  readonly done: Promise<void>;
}

/** One group runs at a time. Each call resolves, or rejects, as its group does; a group that fails affects no other. */
export function groupCalls<T>({
  maxKeys,
  merge,
  run,
}: GroupOptions<T>): (key: string, value: T) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  /** The group that waits; calls join it until it begins. */
  let open: Group<T> | undefined;
  const startGroup = (): Group<T> => {
    const calls = new Map<string, T>();
    const done = last.then(() => {
      if (open?.calls === calls) open = undefined;
      return run(calls);
    });
    last = done.catch(() => undefined);
    return { calls, done };
  };
  return (key, value) => {
    const isRoom = open !== undefined && (open.calls.size < maxKeys || open.calls.has(key));
    const group = open !== undefined && isRoom ? open : startGroup();
    open = group;
    const earlier = group.calls.get(key);
    group.calls.set(key, earlier === undefined ? value : merge(earlier, value));
    return group.done;
  };
}

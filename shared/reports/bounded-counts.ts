/** Counts by key, in bounded memory: once there are as many keys as fit, what belongs to further ones is only counted as such. */
import * as z from 'zod';

/** What a collector stores of its counts. */
export function countedSchema<T extends z.ZodType>(value: T) {
  return z.strictObject({
    entries: z.array(z.tuple([z.string(), value])),
    /** What belongs to no entry. */
    uncounted: z.int(),
  });
}

export interface Counted<V> {
  readonly entries: readonly (readonly [string, V])[];
  readonly uncounted: number;
}

export interface BoundedCounts<V> {
  /** @returns whether it is counted by an entry */
  add(key: string, change: (before: V | undefined) => V): boolean;
  get(key: string): V | undefined;
  /** In the order in which keys were first seen. */
  counted(): { entries: [string, V][]; uncounted: number };
}

export const nothingCounted = { entries: [], uncounted: 0 };

interface CountLimits {
  readonly keys: number;
  /** UTF-16 code units of all keys, so that the state fits where they are long. */
  readonly characters: number;
}

/** Continues what was counted. */
export function createCounts<V>(begun: Counted<V>, most: CountLimits): BoundedCounts<V> {
  const values = new Map(begun.entries);
  let characters = begun.entries.reduce((sum, [key]) => sum + key.length, 0);
  let { uncounted } = begun;
  const hasRoomFor = (key: string) => values.size < most.keys && characters + key.length <= most.characters;
  return {
    add(key, change) {
      const before = values.get(key);
      const isNew = before === undefined;
      if (isNew && !hasRoomFor(key)) {
        uncounted += 1;
        return false;
      }
      if (isNew) characters += key.length;
      values.set(key, change(before));
      return true;
    },
    get: (key) => values.get(key),
    counted: () => ({ entries: [...values], uncounted }),
  };
}

/** Seeded pseudo-random numbers, so that a simulated feed can be reproduced exactly. */

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform whole number in [minimum, maximum]. */
  integer(minimum: number, maximum: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** @throws RangeError for an empty list. */
  pick<T>(items: readonly T[]): T;
  /** A lowercase GUID. */
  guid(): string;
  /** The same items in another order. */
  shuffle<T>(items: readonly T[]): T[];
}

/** Returns the sequence for `seed` (32 bits are used); algorithm: mulberry32. */
export const createRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (minimum: number, maximum: number): number =>
    minimum + Math.floor(next() * (maximum - minimum + 1));
  const hex = (digits: number): string => hexPairs(next, digits / 2);
  return {
    next,
    integer,
    chance: (probability) => next() < probability,
    pick: (items) => pickAt(items, integer(0, items.length - 1)),
    guid: () => `${hex(8)}-${hex(4)}-4a${hex(2)}-8b${hex(2)}-${hex(12)}`,
    shuffle: (items) =>
      items
        .map((item) => ({ item, rank: next() }))
        .sort((left, right) => left.rank - right.rank)
        .map(({ item }) => item),
  };
};

/** Returns a seed that depends on all the parts, so that adjacent seeds do not share a sequence. */
export const seedOf = (...parts: readonly (string | number)[]): number => {
  let hash = 0x811c9dc5;
  for (const character of parts.join('|')) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash;
};

const pickAt = <T>(items: readonly T[], index: number): T => {
  const item = items[index];
  if (item === undefined) throw new RangeError('There is nothing to pick from.');
  return item;
};

const bytesAsHex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Takes four pairs of digits from each number, because generating IDs is most of the work of generating records. */
const hexPairs = (next: () => number, pairs: number): string => {
  let text = '';
  let bits = 0;
  for (let pair = 0; pair < pairs; pair += 1) {
    bits = pair % 4 === 0 ? Math.floor(next() * 2 ** 32) : bits >>> 8;
    text += bytesAsHex[bits & 0xff] ?? '';
  }
  return text;
};

/** Seeded randomness, so that the demo tenants are the same for the same moment on every machine. */

export interface Prng {
  /** A number in [0, 1). */
  readonly next: () => number;
  /** An integer between both bounds, inclusive. */
  readonly int: (from: number, to: number) => number;
  /** True with the given probability (0 to 1). */
  readonly chance: (probability: number) => boolean;
  /** One of the items; throws a RangeError if there are none. */
  readonly pick: <T>(items: readonly T[]) => T;
  /** One of the choices, with a probability proportional to its weight; throws a RangeError if there are none. */
  readonly weighted: <T extends Weighted>(choices: readonly T[]) => T;
  /** Lowercase hexadecimal digits. */
  readonly hex: (digits: number) => string;
  /** A lowercase version 4 GUID. */
  readonly guid: () => string;
}

export interface Weighted {
  readonly weight: number;
}

/** A generator whose sequence is determined by the seed (sfc32, a small fast counting generator). */
export const createPrng = (seed: string): Prng => {
  const next = countingGenerator(seed);
  const int = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  const eightDigits = (): string => int(0, 0xffffffff).toString(16).padStart(8, '0');
  const hex = (digits: number): string =>
    Array.from({ length: Math.ceil(digits / 8) }, eightDigits)
      .join('')
      .slice(0, digits);
  return {
    next,
    int,
    hex,
    chance: (probability) => next() < probability,
    pick: (items) => itemAt(items, int(0, items.length - 1)),
    weighted: (choices) => pickWeighted(choices, next),
    guid: () => asGuid(hex(30), int(8, 11).toString(16)),
  };
};

const asGuid = (digits: string, variant: string): string =>
  [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(12, 15)}`,
    `${variant}${digits.slice(15, 18)}`,
    digits.slice(18),
  ].join('-');

const itemAt = <T>(items: readonly T[], index: number): T => {
  const item = items[index];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
};

const pickWeighted = <T extends Weighted>(choices: readonly T[], next: () => number): T => {
  let left = next() * choices.reduce((sum, choice) => sum + choice.weight, 0);
  const index = choices.findIndex((choice) => (left -= choice.weight) < 0);
  return itemAt(choices, index);
};

const countingGenerator = (seed: string): (() => number) => {
  let [a, b, c] = [hashOf(`a${seed}`), hashOf(`b${seed}`), hashOf(`c${seed}`)];
  let counter = 1;
  const step = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // The first dozen values still reflect the seed's pattern.
  for (let round = 0; round < 12; round++) step();
  return step;
};

/** FNV-1a over the text's code points, 32 bits. */
const hashOf = (text: string): number =>
  Array.from(text).reduce(
    (hash, char) => Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193),
    0x811c9dc5,
  );

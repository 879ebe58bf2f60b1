/** What a part of the benchmark finds out, and the targets it is held against. */

export const partLetters = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k'] as const;
export type PartLetter = (typeof partLetters)[number];

export const partTitles: Readonly<Record<PartLetter, string>> = {
  a: 'landing 100,000 records',
  b: 'indexing',
  c: 'peak memory',
  d: 'storage operations and bytes',
  e: 'one user over 30 days',
  f: 'enabling 5,000 mailboxes',
  g: 'neighbors: small calls alongside the worst queries',
  h: 'growth of one tenant',
  i: 'following all tenants at once',
  j: 'sending on to destinations',
  k: 'indexing while 50 rules are applied',
};

export interface Figure {
  /** Its name in the JSON object. */
  readonly key: string;
  readonly label: string;
  readonly value: number;
  /** What the value counts, e.g. `rows/s`; empty for a ratio. */
  readonly unit: string;
}

/** At most, or at least, so much. */
export interface Target {
  readonly bound: 'atMost' | 'atLeast';
  readonly value: number;
}

const atMost = (value: number): Target => ({ bound: 'atMost', value });
const atLeast = (value: number): Target => ({ bound: 'atLeast', value });

const targets: ReadonlyMap<string, Target> = new Map([
  ['landingRatio0', atMost(2)],
  ['landingRatio50', atMost(1.3)],
  ['indexRatio', atLeast(0.7)],
  ['peakMbLanding', atMost(256)],
  ['peakMbBacklog', atMost(256)],
  ['peakMbBigBlob', atMost(256)],
  ['blobWritesPerMillion', atMost(2000)],
  ['tableTransactionsPerMillion', atMost(90_000)],
  ['indexBytesPerRecord', atMost(6500)],
  ['dollarsPerMillion', atMost(0.1)],
  ['requestsPerPage', atMost(2)],
  ['rowsReadPerRow', atMost(1.2)],
  ['requestsPerMailbox', atMost(1.3)],
  ['commandsPerMailbox', atMost(1.3)],
  ['indexRateKept', atLeast(0.7)],
  ['requestsGrowth', atMost(1)],
  ['rowsReadGrowth', atMost(1.2)],
  ['arrivalIdleReads', atMost(1)],
  ['arrivalIdleGrowth', atMost(1)],
  ['arrivalBusyGrowth', atMost(1)],
  ['watchesCpuRatio', atMost(1.15)],
  ['neighborRatio', atMost(3)],
  ['healthAlongsideMaxMs', atMost(1000)],
]);

/** Undefined for a figure that only explains others. */
export function targetOf({ key }: Figure): Target | undefined {
  return targets.get(key);
}

/** Whether a figure has a target and does not meet it. */
export function misses(figure: Figure): boolean {
  const target = targetOf(figure);
  if (target === undefined) return false;
  return target.bound === 'atMost' ? figure.value > target.value : figure.value < target.value;
}

/** The middle value; of an even number the lower middle one. Undefined of none. */
export function median(values: readonly number[]): number | undefined {
  return percentile(values, 50);
}

/** The smallest value that at least so many percent of the values do not exceed. */
export function percentile(values: readonly number[], percent: number): number | undefined {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)];
}

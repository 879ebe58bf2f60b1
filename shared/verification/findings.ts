/** Collects differences: counts all of them, and names so many that a person can read them. */
import { differenceKinds, type Difference, type DifferenceKind } from './difference.ts';

export type DifferenceCounts = Readonly<Partial<Record<DifferenceKind, number>>>;

export interface Findings {
  readonly counts: DifferenceCounts;
  /** The first ones of each kind. */
  readonly listed: readonly Difference[];
}

export const nothingFound: Findings = { counts: {}, listed: [] };

/** Of one kind in one landing: a month that is missing has millions. */
const maxListed = 20;

/** Of a few differences. */
export function findingsOf(differences: readonly Difference[]): Findings {
  const finder = createFinder();
  differences.forEach(finder.report);
  return finder.found();
}

export interface Finder {
  readonly report: (difference: Difference) => void;
  readonly found: () => Findings;
}

export function createFinder(): Finder {
  const counts: Partial<Record<DifferenceKind, number>> = {};
  const listed: Difference[] = [];
  return {
    report(difference) {
      const count = (counts[difference.kind] ?? 0) + 1;
      counts[difference.kind] = count;
      if (count <= maxListed) listed.push(difference);
    },
    found: () => ({ counts, listed }),
  };
}

/** @param most that are listed; all by default */
export function addFindings(a: Findings, b: Findings, most?: number): Findings {
  const counts: Partial<Record<DifferenceKind, number>> = {};
  for (const kind of differenceKinds) {
    const count = (a.counts[kind] ?? 0) + (b.counts[kind] ?? 0);
    if (count > 0) counts[kind] = count;
  }
  return { counts, listed: [...a.listed, ...b.listed].slice(0, most) };
}

export function totalOf({ counts }: Pick<Findings, 'counts'>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

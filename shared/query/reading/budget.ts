/** What one page may cost, shared by everything that reads for it. */

import type { CountComparisons } from '../matching/match-result.ts';

export interface ReadBudget {
  /**
   * Takes storage requests; false when too few are left, no comparisons are, or time is up. A page that has made no
   * progress yet is never refused, so following next links ends however slow storage is.
   */
  spend(kind: RequestKind, count?: number): boolean;
  /** Takes requests even when none are left. */
  charge(kind: RequestKind, count: number): void;
  /** Takes comparisons even when none are left: it is known only afterwards how many a row took. */
  readonly compare: CountComparisons;
  /** Whether no comparisons are left. */
  readonly isExhausted: () => boolean;
  /** Whether time is up. */
  readonly isLate: () => boolean;
  /** Something is known now that the next page need not find out again. */
  markProgress(): void;
  countRows(rows: number): void;
  readonly cost: ReadCost;
}

/** `scan`: a page of a partition, up to 1,000 rows; `point`: one row or one blob. */
export type RequestKind = 'scan' | 'point';

export interface ReadCost {
  readonly requests: number;
  readonly rowsRead: number;
  /** See {@link PageLimits.comparisons}. */
  readonly comparisons: number;
}

export interface PageLimits {
  readonly scans: number;
  readonly points: number;
  readonly ms: number;
  /** One is a value compared once, or each started 1,024 characters of a text. */
  readonly comparisons: number;
}

/** Two million comparisons take one to two seconds of a core; a search for one text never needs as many. */
export const defaultLimits: PageLimits = { scans: 60, points: 1000, ms: 8000, comparisons: 2_000_000 };

/** @param streams each adds two scans, so that all of them make progress */
export function createBudget(now: () => Date, limits: PageLimits, streams: number): ReadBudget {
  const deadline = now().getTime() + limits.ms;
  const left = { scan: limits.scans + 2 * streams, point: limits.points };
  const cost = { requests: 0, rowsRead: 0, comparisons: 0 };
  let hasProgressed = false;
  const charge = (kind: RequestKind, count: number) => {
    left[kind] -= count;
    cost.requests += count;
  };
  const isExhausted = () => cost.comparisons >= limits.comparisons;
  const isLate = () => now().getTime() >= deadline;
  return {
    spend(kind, count = 1) {
      const enough = left[kind] >= count && !isExhausted() && !isLate();
      if (hasProgressed && !enough) return false;
      charge(kind, count);
      return true;
    },
    charge,
    compare: (comparisons) => void (cost.comparisons += comparisons),
    isExhausted,
    isLate,
    markProgress: () => void (hasProgressed = true),
    countRows: (rows) => void (cost.rowsRead += rows),
    cost,
  };
}

/**
 * A part of a budget that knows what it took itself: everything else, comparisons included, is that of the whole.
 * @param mustProgress it is not refused before it has made progress itself, even if the whole has
 */
export function partOf(whole: ReadBudget, mustProgress = false): ReadBudget {
  let [requests, rowsRead, mayBeRefused] = [0, 0, !mustProgress];
  return {
    ...whole,
    spend(kind, count = 1) {
      const isSpent = !mayBeRefused || whole.spend(kind, count);
      if (!mayBeRefused) whole.charge(kind, count);
      if (isSpent) requests += count;
      return isSpent;
    },
    markProgress() {
      mayBeRefused = true;
      whole.markProgress();
    },
    charge(kind, count) {
      whole.charge(kind, count);
      requests += count;
    },
    countRows(rows) {
      whole.countRows(rows);
      rowsRead += rows;
    },
    get cost() {
      return { requests, rowsRead, comparisons: whole.cost.comparisons };
    },
  };
}

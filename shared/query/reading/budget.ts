/** What one page may cost, shared by everything that reads for it. */

export interface ReadBudget {
  /**
   * Takes storage requests; false when too few are left or time is up. A page that has made no progress yet is never
   * refused, so following next links ends however slow storage is.
   */
  spend(kind: RequestKind, count?: number): boolean;
  /** Takes requests even when none are left. */
  charge(kind: RequestKind, count: number): void;
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
}

export interface PageLimits {
  readonly scans: number;
  readonly points: number;
  readonly ms: number;
}

export const defaultLimits: PageLimits = { scans: 60, points: 1000, ms: 8000 };

/** @param streams each adds two scans, so that all of them make progress */
export function createBudget(now: () => Date, limits: PageLimits, streams: number): ReadBudget {
  const deadline = now().getTime() + limits.ms;
  const left = { scan: limits.scans + 2 * streams, point: limits.points };
  const cost = { requests: 0, rowsRead: 0 };
  let hasProgressed = false;
  const charge = (kind: RequestKind, count: number) => {
    left[kind] -= count;
    cost.requests += count;
  };
  return {
    spend(kind, count = 1) {
      const enough = left[kind] >= count && now().getTime() < deadline;
      if (hasProgressed && !enough) return false;
      charge(kind, count);
      return true;
    },
    charge,
    markProgress: () => void (hasProgressed = true),
    countRows: (rows) => void (cost.rowsRead += rows),
    cost,
  };
}

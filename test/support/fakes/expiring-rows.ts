/** Rows that end some time, in memory: a page of each kind is as many as a test says. */
import type { ExpiringKind, ExpiringRows } from '../../../shared/retention/purge-expired.ts';

export interface FakeExpiringRows extends ExpiringRows {
  /** Adds a row that ended, or was written, at a moment. */
  readonly add: (kind: ExpiringKind, at: Date) => void;
  /** Runs before each page of rows is deleted. */
  readonly beforeEachPage: (work: () => void) => void;
  readonly left: (kind: ExpiringKind) => readonly Date[];
}

const dayMs = 24 * 60 * 60_000;

export function createFakeExpiringRows(pageSize = 1000): FakeExpiringRows {
  const rows = new Map<ExpiringKind, Date[]>();
  let beforePage = (): void => undefined;
  const of = (kind: ExpiringKind) => rows.get(kind) ?? [];
  return {
    add: (kind, at) =>
      void rows.set(
        kind,
        [...of(kind), at].sort((a, b) => a.getTime() - b.getTime()),
      ),
    left: of,
    beforeEachPage: (work) => {
      beforePage = work;
    },
    remove: async (kind, before, budget) => {
      const limit = kind === 'accessLog' ? Math.floor(before.getTime() / dayMs) * dayMs : before.getTime();
      let deleted = 0;
      for (;;) {
        const gone = of(kind)
          .filter((at) => at.getTime() < limit)
          .slice(0, pageSize);
        if (gone.length > 0) beforePage();
        rows.set(
          kind,
          of(kind).filter((at) => !gone.includes(at)),
        );
        deleted += gone.length;
        if (gone.length > 0 && budget.aborted) return { rows: deleted, finished: false };
        if (gone.length < pageSize) return await Promise.resolve({ rows: deleted, finished: true });
      }
    },
  };
}

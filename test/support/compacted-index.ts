/** An index whose rows have all been compacted before they are read. */
import type { VerifiedIndex } from '../../shared/index/record-index.ts';
import { compactMonth, keptAfterMs } from '../../shared/index/segments/compact-month.ts';
import { monthOfTable, settleMs, type MonthLayouts } from '../../shared/index/segments/month-layout.ts';
import type { SegmentFiles } from '../../shared/index/segments/segment-files.ts';
import { createSegmentedIndex } from '../../shared/index/segments/segmented-index.ts';

export interface Compacted {
  readonly tables: VerifiedIndex;
  readonly layouts: MonthLayouts;
  readonly files: SegmentFiles;
  readonly pieceRows?: number | undefined;
  /** Milliseconds by which the clock is ahead, which compaction advances. */
  readonly clock: { ms: number };
}

export function nowOf({ clock }: Pick<Compacted, 'clock'>): Date {
  return new Date(Date.UTC(2030, 0, 1) + clock.ms);
}

/** Runs all steps of all months, as timers would over some days. @returns the steps */
export async function compactAll(deps: Compacted, tenantId: string): Promise<readonly string[]> {
  const done: string[] = [];
  for (let round = 0; round < 4; round++) {
    const tables = await deps.tables.months(tenantId);
    const layouts = await deps.layouts.list(tenantId);
    for (const month of new Set([...tables.map(monthOfTable), ...layouts.map((one) => one.month)])) {
      const layout = layouts.find((one) => one.month === month);
      const own = tables.filter((table) => monthOfTable(table) === month);
      const old = { tenantId, month, layout, tables: own };
      done.push(await compactMonth({ ...deps, now: () => nowOf(deps) }, old, { aborted: false }));
    }
    deps.clock.ms += keptAfterMs + 4 * settleMs;
  }
  return done;
}

/** Every read finds only segments. */
export function createCompactedIndex(deps: Compacted): VerifiedIndex {
  const index = createSegmentedIndex({ ...deps, now: () => nowOf(deps) });
  const written = new Set<string>();
  const settle = async (tenantId: string) => {
    if (written.delete(tenantId)) await compactAll(deps, tenantId);
  };
  return {
    ...index,
    async writeRows(tenantId, ...asked) {
      await index.writeRows(tenantId, ...asked);
      written.add(tenantId);
    },
    async scan(tenantId, asked) {
      await settle(tenantId);
      return await index.scan(tenantId, asked);
    },
    async getRow(tenantId, ...asked) {
      await settle(tenantId);
      return await index.getRow(tenantId, ...asked);
    },
    async wholeRows(tenantId, ...asked) {
      await settle(tenantId);
      return await index.wholeRows(tenantId, ...asked);
    },
    async months(tenantId) {
      await settle(tenantId);
      return await index.months(tenantId);
    },
  };
}

/** Layouts of months in memory. */
import type { MonthLayouts, StoredLayout } from '../../../shared/index/segments/month-layout.ts';

export function createFakeMonthLayouts(): MonthLayouts {
  const rows = new Map<string, Map<string, StoredLayout>>();
  let version = 0;
  const rowsOf = (tenantId: string) => {
    const own = rows.get(tenantId) ?? new Map<string, StoredLayout>();
    rows.set(tenantId, own);
    return own;
  };
  return {
    list: async (tenantId) => await Promise.resolve([...rowsOf(tenantId).values()]),
    save: async (tenantId, layout, etag) => {
      const own = rowsOf(tenantId);
      if (own.get(layout.month)?.etag !== etag) return false;
      own.set(layout.month, { ...layout, etag: `v${++version}` });
      return await Promise.resolve(true);
    },
    remove: async (tenantId, month) => {
      rowsOf(tenantId).delete(month);
      await Promise.resolve();
    },
  };
}

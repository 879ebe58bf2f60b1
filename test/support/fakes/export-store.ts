/** Exports in memory. */
import {
  isFinished,
  SupersededExportError,
  type Export,
  type ExportStore,
} from '../../../shared/exports/export.ts';

interface Row {
  readonly one: Export;
  readonly run: number;
}

export function createFakeExportStore(): ExportStore {
  const rows = new Map<string, Row>();
  const keyOf = (tenantId: string, exportId: string) => `${tenantId} ${exportId}`;
  const put = (row: Row) => rows.set(keyOf(row.one.tenantId, row.one.exportId), row);
  const open = (tenantId: string, exportId: string): Row | undefined => {
    const row = rows.get(keyOf(tenantId, exportId));
    return row === undefined || isFinished(row.one) ? undefined : row;
  };
  async function* where(holds: (one: Export) => boolean): AsyncGenerator<Export> {
    for (const { one } of [...rows.values()]) if (holds(one)) yield await Promise.resolve(one);
  }
  return {
    create: async (one) => {
      put({ one, run: 0 });
      await Promise.resolve();
    },
    get: async (tenantId, exportId) => await Promise.resolve(rows.get(keyOf(tenantId, exportId))?.one),
    takeOver: async (tenantId, exportId) => {
      const row = await Promise.resolve(open(tenantId, exportId));
      if (row === undefined) return undefined;
      const number = row.run + 1;
      put({ ...row, run: number });
      const save = async (changed: Export) => {
        if (open(tenantId, exportId)?.run !== number) throw new SupersededExportError();
        put({ one: changed, run: number });
        await Promise.resolve();
      };
      return { number, export: row.one, save };
    },
    cancel: async (tenantId, exportId, at) => {
      const row = await Promise.resolve(open(tenantId, exportId));
      const ended = { status: 'Canceled', completedDateTime: at, lastActionDateTime: at } as const;
      if (row !== undefined) put({ ...row, one: { ...row.one, ...ended } });
    },
    remove: async (tenantId, exportId) => {
      rows.delete(keyOf(tenantId, exportId));
      await Promise.resolve();
    },
    expired: (now) => where((one) => one.expiresDateTime <= now),
    resting: (since) => where((one) => !isFinished(one) && one.lastActionDateTime < since),
  };
}

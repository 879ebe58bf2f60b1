/** Enablements in memory. */
import { isFinished, type Enablement, type EnablementStore } from '../../../shared/enablement/enablement.ts';

export function createFakeEnablementStore(): EnablementStore {
  const rows = new Map<string, Enablement>();
  const running = new Map<string, string>();
  const keyOf = (tenantId: string, enablementId: string) => `${tenantId} ${enablementId}`;
  return {
    start: async (enablement) => {
      const { tenantId, enablementId } = enablement;
      const held = running.get(tenantId);
      if (held !== undefined) return await Promise.resolve(held === enablementId ? undefined : held);
      running.set(tenantId, enablementId);
      rows.set(keyOf(tenantId, enablementId), structuredClone(enablement));
      return undefined;
    },
    get: async (tenantId, enablementId) =>
      await Promise.resolve(structuredClone(rows.get(keyOf(tenantId, enablementId)))),
    list: async (tenantId, top) => {
      const own = [...rows.values()].filter((row) => row.tenantId === tenantId);
      own.sort((a, b) => b.createdDateTime.getTime() - a.createdDateTime.getTime());
      return await Promise.resolve(structuredClone(own.slice(0, top)));
    },
    save: async (enablement) => {
      const { tenantId, enablementId } = enablement;
      const key = keyOf(tenantId, enablementId);
      await Promise.resolve();
      if (running.get(tenantId) !== enablementId) return;
      const cancelRequested = rows.get(key)?.cancelRequested ?? false;
      rows.set(key, structuredClone({ ...enablement, cancelRequested }));
      if (isFinished(enablement)) running.delete(tenantId);
    },
    requestCancel: async (tenantId, enablementId) => {
      const key = keyOf(tenantId, enablementId);
      const row = rows.get(key);
      if (row !== undefined) rows.set(key, { ...row, cancelRequested: true });
      await Promise.resolve();
    },
  };
}

/** Enablements in memory. */
import {
  isFinished,
  SupersededError,
  type Enablement,
  type EnablementRun,
  type EnablementStore,
} from '../../../shared/enablement/enablement.ts';

interface Lock {
  readonly enablementId: string;
  run: number;
  after: number;
  deliveries: number;
  cancelRequested: boolean;
}

export function createFakeEnablementStore(): EnablementStore {
  const rows = new Map<string, Enablement>();
  const running = new Map<string, Lock>();
  const keyOf = (tenantId: string, enablementId: string) => `${tenantId} ${enablementId}`;
  const lockOf = (tenantId: string, enablementId: string): Lock | undefined => {
    const lock = running.get(tenantId);
    return lock?.enablementId === enablementId ? lock : undefined;
  };
  return {
    start: async (enablement) => {
      const { tenantId, enablementId } = enablement;
      const held = running.get(tenantId)?.enablementId;
      if (held !== undefined) return await Promise.resolve(held === enablementId ? undefined : held);
      running.set(tenantId, { enablementId, run: 0, after: 0, deliveries: 0, cancelRequested: false });
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
    takeOver: async ({ tenantId, enablementId, after = 0 }) => {
      await Promise.resolve();
      const row = rows.get(keyOf(tenantId, enablementId));
      const lock = lockOf(tenantId, enablementId);
      if (row === undefined || lock === undefined) return undefined;
      const deliveries = lock.after === after ? lock.deliveries + 1 : 1;
      Object.assign(lock, { run: lock.run + 1, after, deliveries });
      return createRun({ ...lock, enablement: structuredClone(row) });
    },
    requestCancel: async (tenantId, enablementId) => {
      const lock = lockOf(tenantId, enablementId);
      if (lock !== undefined) lock.cancelRequested = true;
      await Promise.resolve();
    },
  };

  function createRun(taken: Lock & Pick<EnablementRun, 'enablement'>): EnablementRun {
    const { enablement, run, deliveries, cancelRequested } = taken;
    const { tenantId, enablementId } = enablement;
    const ensureNewest = (): Lock => {
      const lock = lockOf(tenantId, enablementId);
      if (lock?.run !== run) throw new SupersededError();
      return lock;
    };
    return {
      ...{ number: run, deliveries, enablement, cancelRequested },
      save: async (changed) => {
        await Promise.resolve();
        ensureNewest();
        rows.set(keyOf(tenantId, enablementId), structuredClone(changed));
        if (isFinished(changed)) running.delete(tenantId);
      },
      isCancelRequested: async () => {
        await Promise.resolve();
        return ensureNewest().cancelRequested;
      },
    };
  }
}

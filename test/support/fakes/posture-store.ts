/** Postures in memory. */
import type { Posture, PostureStore } from '../../../shared/enablement/posture.ts';

export function createFakePostureStore(): PostureStore {
  const tenants = new Map<string, Map<string, Posture>>();
  return {
    save: async (tenantId, posture) => {
      const days = tenants.get(tenantId) ?? new Map<string, Posture>();
      tenants.set(tenantId, days);
      days.set(posture.takenAt.slice(0, 10), posture);
      await Promise.resolve();
    },
    list: async (tenantId, top, through) => {
      const days = [...(tenants.get(tenantId) ?? [])]
        .filter(([day]) => through === undefined || day <= through.toISOString().slice(0, 10))
        .sort(([a], [b]) => (a < b ? 1 : -1));
      return await Promise.resolve(days.slice(0, top).map(([, posture]) => posture));
    },
  };
}

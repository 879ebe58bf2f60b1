/** Removals in memory. */
import type { Removal, RemovalStore } from '../../../shared/tenants/removal.ts';

export interface FakeRemovalStore extends RemovalStore {
  /** All of them, oldest first. */
  all(): readonly Removal[];
}

export function createFakeRemovalStore(): FakeRemovalStore {
  const removals = new Map<string, Removal>();
  return {
    all: () => [...removals.values()],
    get: async (removalId) => await Promise.resolve(removals.get(removalId)),
    save: async (removal) => {
      removals.set(removal.removalId, removal);
      await Promise.resolve();
    },
  };
}

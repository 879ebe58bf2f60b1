/** Limits the number of concurrent requests of a tenant. */

export interface ConcurrencyGate {
  /** Returns a function that leaves the gate, or undefined if the tenant already has `limit` requests; 0: no limit. */
  enter(tenantId: string, limit: number): (() => void) | undefined;
}

export const createConcurrencyGate = (): ConcurrencyGate => {
  const inside = new Map<string, number>();
  return {
    enter: (tenantId, limit) => {
      const present = inside.get(tenantId) ?? 0;
      if (limit > 0 && present >= limit) return undefined;
      inside.set(tenantId, present + 1);
      return () => void inside.set(tenantId, (inside.get(tenantId) ?? 1) - 1);
    },
  };
};

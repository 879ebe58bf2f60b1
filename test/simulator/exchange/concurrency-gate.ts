/** Lets only so many requests of a tenant in at a time. */

export interface ConcurrencyGate {
  /** Returns how to leave again, or undefined when the tenant has `limit` requests inside; 0: no limit. */
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

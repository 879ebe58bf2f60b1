/** The remaining requests of a tenant in the current minute. */

export interface RequestBudget {
  /** Uses one request of the tenant's budget; false if none is left. */
  take(tenantId: string, perMinute: number): boolean;
}

const minuteMs = 60_000;

/** Uses this machine's clock; `perMinute` 0 means no limit. */
export const createRequestBudget = (): RequestBudget => {
  const used = new Map<string, { readonly minute: number; readonly count: number }>();
  return {
    take: (tenantId, perMinute) => {
      const minute = Math.floor(Date.now() / minuteMs);
      const known = used.get(tenantId);
      const count = known?.minute === minute ? known.count + 1 : 1;
      used.set(tenantId, { minute, count });
      return perMinute === 0 || count <= perMinute;
    },
  };
};

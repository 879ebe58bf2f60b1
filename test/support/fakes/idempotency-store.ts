/** Requests with idempotency keys, in memory. */
import type { KeptRequest, IdempotencyStore } from '../../../shared/http/idempotency.ts';

export function createFakeIdempotencyStore(): IdempotencyStore {
  const rows = new Map<string, KeptRequest>();
  let version = 0;
  const put = (id: string, row: Omit<KeptRequest, 'etag'>): void => {
    version += 1;
    rows.set(id, { ...row, etag: `v${version}` });
  };
  return {
    hold: async (id, work) => {
      const kept = rows.get(id);
      if (kept === undefined) put(id, work);
      return await Promise.resolve(kept);
    },
    takeOver: async (id, work, etag) => {
      const isCurrent = rows.get(id)?.etag === etag;
      if (isCurrent) put(id, work);
      return await Promise.resolve(isCurrent);
    },
    finish: async (id, answer) => {
      const row = rows.get(id);
      if (row !== undefined) put(id, { ...row, answer });
      await Promise.resolve();
    },
    forget: async (id) => {
      rows.delete(id);
      await Promise.resolve();
    },
  };
}

/** Poison messages in memory. */
import type { PoisonMessages, StoredPoisonMessage } from '../../../shared/poison/poison-message.ts';

export function createFakePoisonMessages(): PoisonMessages {
  const rows = new Map<string, StoredPoisonMessage>();
  const keyOf = ({ id, tenantId = '' }: { readonly id: string; readonly tenantId?: string | undefined }) =>
    `${tenantId} ${id}`;
  let version = 0;
  return {
    put: async (message) => {
      version += 1;
      rows.set(keyOf(message), { ...message, etag: `v${version}` });
      await Promise.resolve();
    },
    get: async (key) => await Promise.resolve(rows.get(keyOf(key))),
    list: async (tenantId) => {
      const all = [...rows.values()].filter((row) => tenantId === undefined || row.tenantId === tenantId);
      return await Promise.resolve(all);
    },
    remove: async (message) => {
      if (rows.get(keyOf(message))?.etag === message.etag) rows.delete(keyOf(message));
      await Promise.resolve();
    },
  };
}

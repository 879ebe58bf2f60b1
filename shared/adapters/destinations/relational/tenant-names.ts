/** Which names of tenants a connection has stored. */
import type { OutgoingRecord } from '../../../destinations/outgoing.ts';

export interface StoredNames {
  /** Stores the name of the tenant of these records unless it is known to be stored. @throws what `store` throws */
  ensure(
    records: readonly { readonly record: OutgoingRecord }[],
    store: (record: OutgoingRecord) => Promise<void>,
  ): Promise<void>;
}

export function createStoredNames(): StoredNames {
  const names = new Map<string, string>();
  return {
    async ensure(records, store) {
      const record = records[0]?.record;
      if (record === undefined || names.get(record.tenantId) === record.tenantName) return;
      await store(record);
      names.set(record.tenantId, record.tenantName);
    },
  };
}

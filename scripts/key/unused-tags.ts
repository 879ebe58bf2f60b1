/** Tags that a key is for, and that no tenant has yet. */
import { readSet, tagsWithoutTenants } from '../../shared/access/tenant-set.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../shared/adapters/tables/tenant-store.ts';
import type { StorageSettings } from '../../shared/config.ts';

/** @param tenants a set of tenants, as `canonicalSet` writes it */
export async function unusedTags(storage: StorageSettings, tenants: string): Promise<readonly string[]> {
  if (readSet(tenants).tags.size === 0) return [];
  return tagsWithoutTenants(tenants, await createTenantStore(createTables(storage)).list());
}

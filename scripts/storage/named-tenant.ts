/** Finds the tenant that an operator names, in storage. */
import { callerWith } from '../../shared/access/caller.ts';
import { createTenantNames } from '../../shared/access/tenant-names.ts';
import { allTenants } from '../../shared/access/tenant-set.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../shared/adapters/tables/tenant-store.ts';
import type { StorageSettings } from '../../shared/config.ts';
import { RequestError } from '../../shared/errors.ts';
import { Failure } from '../command-line/failure.ts';

/** Anyone with access to the storage account may see every tenant. */
const operator = callerWith('operator', { tenants: allTenants, scopes: [] });

/**
 * An ID is taken as it is. What is known of domains may be a day old.
 * @throws Failure for a domain that no tenant or several have
 */
export async function tenantIdIn(settings: StorageSettings, named: string): Promise<string> {
  const tenants = createTenantStore(createTables(settings));
  const idOf = createTenantNames({ tenants, tenantOf: (id) => tenants.get(id) });
  const id = await idOf(operator, named).catch((cause: unknown) => {
    throw cause instanceof RequestError ? new Failure(cause.message, { cause }) : cause;
  });
  if (id !== undefined) return id;
  throw new Failure(
    `No tenant has the domain ${named}. Use the ID of the tenant: npm run tenant -- list shows all.`,
  );
}

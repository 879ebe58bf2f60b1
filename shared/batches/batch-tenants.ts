/** The tenants of an operation on several of them. */
import pMap from 'p-map';
import type { Access, Caller } from '../access/access.ts';
import type { Scope } from '../access/api-keys.ts';
import { holds } from '../access/caller.ts';
import { setNamed, tenantsIn } from '../access/open-tenants.ts';
import { readSet } from '../access/tenant-set.ts';
import { invalidParameter } from '../errors.ts';
import type { StoredTenant } from '../tenants/tenant.ts';

/** What has to be stored of each fits into a row. */
export const maxBatchTenants = 5000;
const tenantsAtOnce = 16;

/** A set, and which tenants it had at a moment. */
export interface BatchTenants {
  /** As `canonicalSet` writes it. */
  readonly set: string;
  /** In order of ID. */
  readonly tenants: readonly StoredTenant[];
}

/**
 * Opens the tenants in which the caller has the scope and may read: who starts something must be able to see what became
 * of it.
 * @throws RequestError 403 for a named tenant in which the caller lacks either; 404 for one that it has no access to, and
 *   for a tag that none of its tenants has; 400 for too many
 */
export async function openBatchTenants(
  access: Access,
  caller: Caller,
  terms: readonly string[],
  scope: Scope,
): Promise<BatchTenants> {
  access.require(caller, 'records.read');
  const set = await setNamed(access, caller, terms, scope);
  await pMap(readSet(set).ids, (id) => access.openTenant(caller, id, 'records.read'), {
    concurrency: tenantsAtOnce,
  });
  const found = await tenantsIn(access, caller, terms, scope);
  const tenants = found.filter((tenant) => holds(caller, 'records.read', tenant));
  if (tenants.length > maxBatchTenants) throw tooMany(tenants.length);
  const ids = tenants.map(({ tenantId }) => tenantId);
  access.open(caller, ids);
  return { set, tenants };
}

function tooMany(found: number): Error {
  return invalidParameter('tenants', `'tenants' selects ${found} tenants; the limit is ${maxBatchTenants}.`);
}

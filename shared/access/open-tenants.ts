/** The tenants that a request names: some by their IDs and domains, those with a tag, or all. */
import pMap from 'p-map';
import { invalidParameter } from '../errors.ts';
import { tagSchema } from '../tenants/tags.ts';
import type { StoredTenant } from '../tenants/tenant.ts';
import type { Access, Caller } from './access.ts';
import type { Scope } from './api-keys.ts';
import { tenantNotFound } from './refusals.ts';
import { allTenants, canonicalSet, contains, readSet, tagIn, termOfTag } from './tenant-set.ts';

const tenantsAtOnce = 16;

/**
 * The set that terms name, as `canonicalSet` writes it; what is in it is decided whenever it is used. Named tenants are
 * opened; nothing is read for tags and an asterisk.
 * @param terms IDs and domains of tenants, tags such as `tag:gold`, or an asterisk for all that the caller may see
 * @throws RequestError 404 for a tenant that the caller has no access to, as if it did not exist; 400 for a tag that
 *   cannot exist
 */
export async function setNamed(
  access: Pick<Access, 'openTenant'>,
  caller: Caller,
  terms: readonly string[],
  scope: Scope,
): Promise<string> {
  const toTerm = async (term: string): Promise<string> => {
    const tag = tagIn(term);
    if (tag !== undefined) return termOfTag(tagNamed(tag));
    return term === allTenants ? term : (await access.openTenant(caller, term, scope)).tenantId;
  };
  return canonicalSet(await pMap(terms, toTerm, { concurrency: tenantsAtOnce }));
}

/**
 * The set that terms name, for a caller who decides where what is about its tenants is sent.
 * @param terms as of {@link setNamed}; absent: all tenants
 * @throws RequestError 403 for a caller that may not read the records of all tenants, 404 for an unknown tenant
 */
export async function readableSet(
  access: Pick<Access, 'openTenant' | 'requireAllTenants'>,
  caller: Caller,
  terms: readonly string[] = [allTenants],
): Promise<string> {
  access.requireAllTenants(caller, 'records.read');
  return await setNamed(access, caller, terms, 'records.read');
}

/**
 * The tenants that are in the set now and in which the caller has the scope, in order of ID; those that are not named by
 * ID or domain are not opened. Costs one read per thousand tenants if the set has a tag or is everything.
 * @throws RequestError as {@link setNamed}; 404 also for a tag that none of the caller's tenants has
 */
export async function tenantsIn(
  access: Pick<Access, 'openTenant' | 'visibleTenants'>,
  caller: Caller,
  terms: readonly string[],
  scope: Scope,
): Promise<readonly StoredTenant[]> {
  const text = await setNamed(access, caller, terms, scope);
  const set = readSet(text);
  if (!set.isAll && set.tags.size === 0) {
    return await pMap(set.ids, (id) => access.openTenant(caller, id, scope), { concurrency: tenantsAtOnce });
  }
  const found = (await access.visibleTenants(caller, scope)).filter((tenant) => contains(text, tenant));
  const unused = [...set.tags].find((tag) => !found.some(({ tags }) => tags?.includes(tag)));
  if (unused !== undefined && !set.isAll) throw tenantNotFound(`None of your tenants has the tag ${unused}.`);
  return found;
}

function tagNamed(text: string): string {
  const tag = tagSchema.safeParse(text).data;
  if (tag !== undefined) return tag;
  const message = `'tenants' has a tag that cannot exist. Tags have letters, digits, dots, dashes, or underscores.`;
  throw invalidParameter('tenants', message);
}

/**
 * Sets of tenants: all of them, those of a list, those with a tag. A set is a text, and names the tenants that are in it
 * at the moment when it is used.
 */
import { LRUCache } from 'lru-cache';
import type { Tenant } from '../tenants/tenant.ts';

/** What decides whether a tenant is in a set. */
export type SetMember = Pick<Tenant, 'tenantId' | 'tags'>;

export interface TenantSet {
  readonly isAll: boolean;
  readonly ids: ReadonlySet<string>;
  readonly tags: ReadonlySet<string>;
}

/** The set of all tenants, those included that are registered later. */
export const allTenants = '*';
const tagPrefix = 'tag:';

/** The tag that a term of a set names, as it was written; undefined for any other term. */
export function tagIn(term: string): string | undefined {
  return term.slice(0, tagPrefix.length).toLowerCase() === tagPrefix
    ? term.slice(tagPrefix.length)
    : undefined;
}

/** The term that names a tag. */
export function termOfTag(tag: string): string {
  return `${tagPrefix}${tag}`;
}

const cache = new LRUCache<string, TenantSet>({ max: 1000 });

/** @param text in the form of {@link canonicalSet}: `*`, or IDs and `tag:name`s, separated by commas */
export function readSet(text: string): TenantSet {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const terms = text.split(',');
  const tags = terms.flatMap((term) => tagIn(term) ?? []);
  const ids = terms.filter((term) => term !== allTenants && tagIn(term) === undefined);
  const set = { isAll: terms.includes(allTenants), ids: new Set(ids), tags: new Set(tags) };
  cache.set(text, set);
  return set;
}

/** One text for equal sets. @param terms `*`, IDs in lower case, and `tag:name`s */
export function canonicalSet(terms: readonly string[]): string {
  return terms.includes(allTenants) ? allTenants : [...new Set(terms)].sort().join(',');
}

/** Whether the tenant is in the set now. */
export function contains(text: string, { tenantId, tags = [] }: SetMember): boolean {
  const set = readSet(text);
  return set.isAll || set.ids.has(tenantId) || tags.some((tag) => set.tags.has(tag));
}

/** Whether the tenant with this ID is in the set, whatever its tags are. */
export function containsId(text: string, tenantId: string): boolean {
  const set = readSet(text);
  return set.isAll || set.ids.has(tenantId);
}

/** Whether the set names all its tenants by ID. */
export function isOfIds(text: string): boolean {
  const { isAll, tags } = readSet(text);
  return !isAll && tags.size === 0;
}

/** False if the tenant with this ID is not in the set, whatever its tags are. */
export function mayContain(text: string, tenantId: string): boolean {
  return readSet(text).tags.size > 0 || containsId(text, tenantId);
}

/** The tenant, if the set names exactly one by its ID. */
export function soleTenant(text: string): string | undefined {
  const { isAll, ids, tags } = readSet(text);
  return !isAll && tags.size === 0 && ids.size === 1 ? [...ids][0] : undefined;
}

/** Tags of a set that none of the tenants has: perhaps mistyped. */
export function tagsWithoutTenants(text: string, tenants: readonly SetMember[]): readonly string[] {
  return [...readSet(text).tags].filter((tag) => !tenants.some(({ tags = [] }) => tags.includes(tag)));
}

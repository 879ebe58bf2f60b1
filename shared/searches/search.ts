/** A saved search: named filters, shared by flows and people. */
import * as z from 'zod';
import { allTenants } from '../access/tenant-set.ts';
import { RequestError, invalidParameter } from '../errors.ts';
import { singleFilters } from '../query/filters.ts';
import { storedDate } from '../stored-date.ts';

/** Filters as in a query string; a list may be one text or several. */
export const searchFiltersSchema = z.record(z.string(), z.union([z.string(), z.array(z.string()).min(1)]));
export type SearchFilters = z.infer<typeof searchFiltersSchema>;

export const savedSearchSchema = z.object({
  /** The ID of its tenant; of a search of several tenants, see `ownerOf`. */
  owner: z.string(),
  /** The set of tenants that it is about; absent for a search of one tenant. */
  tenants: z.string().optional(),
  /** As written; case makes no difference. */
  name: z.string(),
  displayName: z.string().optional(),
  filters: searchFiltersSchema,
  /** Id of the caller that saved it first; not known of searches that were stored before this was kept. */
  createdBy: z.string().optional(),
  lastModifiedDateTime: storedDate,
});
export type SavedSearch = Readonly<z.output<typeof savedSearchSchema>>;

/** A search as stored, with the version that changes are made against. */
export interface StoredSearch extends SavedSearch {
  readonly etag: string;
}

/** Precondition of a change: the search does not exist, or is unchanged. */
export type SearchCondition =
  { readonly kind: 'absent' } | { readonly kind: 'unchanged'; readonly etag: string };

export interface SearchStore {
  get(owner: string, name: string): Promise<StoredSearch | undefined>;
  /** In order of name. */
  list(owner: string): Promise<readonly StoredSearch[]>;
  /** Undefined, and nothing written, if the condition does not hold. */
  put(search: SavedSearch, condition: SearchCondition): Promise<StoredSearch | undefined>;
  /** False if it was modified; a missing search counts as removed. @param etag absent: unconditional */
  remove(owner: string, name: string, etag?: string): Promise<boolean>;
}

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** @throws RequestError 400 for a name that does not fit into an address or a key */
export function checkSearchName(name: string): string {
  if (namePattern.test(name)) return name;
  const rule =
    'must be 1 to 64 letters, digits, dots, underscores or hyphens, starting with a letter or digit';
  throw invalidParameter('name', `'name' ${rule}.`);
}

/** Equal for names that are the same. */
export function searchKey(name: string): string {
  return name.toLowerCase();
}

/** @throws RequestError 404 */
export async function findSearch(
  store: Pick<SearchStore, 'get'>,
  owner: string,
  name: string,
): Promise<StoredSearch> {
  const found = await store.get(owner, checkSearchName(name));
  if (found === undefined)
    throw new RequestError(404, 'SearchNotFound', 'Unknown search name. GET …/searches lists them.');
  return found;
}

/** The set of tenants that a search of several is about. */
export function tenantsOfSearch({ tenants = allTenants }: Pick<SavedSearch, 'tenants'>): string {
  return tenants;
}

export function publicSearch({ name, displayName, tenants, filters, createdBy, ...search }: SavedSearch) {
  const lastModifiedDateTime = search.lastModifiedDateTime.toISOString();
  return { name, displayName, tenants, filters: publicFilters(filters), createdBy, lastModifiedDateTime };
}

/** However they were written: a list as an array, a single value as a text. */
export function publicFilters(filters: SearchFilters): SearchFilters {
  return Object.fromEntries(
    Object.entries(filters).map(([name, value]) => {
      const texts = [value].flat();
      const [only, ...more] = texts;
      return [name, singleFilters.has(name) && only !== undefined && more.length === 0 ? only : texts];
    }),
  );
}

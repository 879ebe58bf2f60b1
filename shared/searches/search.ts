/** A saved search: filters under a name, so that flows and people ask the same question. */
import * as z from 'zod';
import { RequestError, invalidParameter } from '../errors.ts';

/** Filters as they would stand in an address; a list may be given as one text or as several. */
export const searchFiltersSchema = z.record(z.string(), z.union([z.string(), z.array(z.string()).min(1)]));
export type SearchFilters = z.infer<typeof searchFiltersSchema>;

export interface SavedSearch {
  readonly tenantId: string;
  /** As it was written; case makes no difference. */
  readonly name: string;
  readonly displayName?: string | undefined;
  readonly filters: SearchFilters;
  readonly lastModifiedDateTime: Date;
}

/** A search as stored, with the version that changes are made against. */
export interface StoredSearch extends SavedSearch {
  readonly etag: string;
}

/** What must hold for a change to be made: there is none of this name, or it is as it was. */
export type SearchCondition =
  { readonly kind: 'absent' } | { readonly kind: 'unchanged'; readonly etag: string };

export interface SearchStore {
  get(tenantId: string, name: string): Promise<StoredSearch | undefined>;
  /** In order of name. */
  list(tenantId: string): Promise<readonly StoredSearch[]>;
  /** Undefined, and nothing written, when the condition does not hold. */
  put(search: SavedSearch, condition: SearchCondition): Promise<StoredSearch | undefined>;
  /** False when it is not as it was; one that is not there is success. @param etag absent: whatever it is */
  remove(tenantId: string, name: string, etag?: string): Promise<boolean>;
}

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** @throws RequestError 400 for a name that could not stand in an address or a key */
export function checkSearchName(name: string): string {
  if (namePattern.test(name)) return name;
  const cure = 'send 1 to 64 letters, digits, dots, underscores or hyphens, the first a letter or digit';
  throw invalidParameter('name', `name: is no name for a search; ${cure}.`);
}

/** Equal for names that are the same. */
export function searchKey(name: string): string {
  return name.toLowerCase();
}

/** @throws RequestError 404 */
export async function findSearch(
  store: Pick<SearchStore, 'get'>,
  tenantId: string,
  name: string,
): Promise<StoredSearch> {
  const found = await store.get(tenantId, checkSearchName(name));
  if (found === undefined) throw new RequestError(404, 'SearchNotFound', 'There is no search of this name.');
  return found;
}

export function publicSearch({ name, displayName, filters, lastModifiedDateTime }: SavedSearch) {
  return {
    name,
    ...(displayName === undefined ? {} : { displayName }),
    filters,
    lastModifiedDateTime: lastModifiedDateTime.toISOString(),
  };
}

/** Answers about saved searches: those of a tenant, and those of several that callers share. */
import type { Caller } from '../access/caller.ts';
import { addressOf, type ApiRequest } from '../http/request.ts';
import {
  deleteSearch,
  saveSearch,
  searchTag,
  type ChangeSearchDeps,
  type SearchChange,
} from './change-search.ts';
import { findSearch, publicSearch, type SearchStore } from './search.ts';

/** Whose searches a call is about. */
export interface SearchSpace {
  /** See SavedSearch. */
  readonly owner: string;
  /** With what it may do there. */
  readonly caller: Caller;
}

interface SearchesDeps {
  readonly searches: SearchStore;
}

export async function listedSearches({ searches }: SearchesDeps, { owner }: Pick<SearchSpace, 'owner'>) {
  return { value: (await searches.list(owner)).map(publicSearch) };
}

/** @throws RequestError 404 */
export async function shownSearch(
  { searches }: SearchesDeps,
  { owner }: Pick<SearchSpace, 'owner'>,
  name: string,
) {
  const search = await findSearch(searches, owner, name);
  return { body: publicSearch(search), headers: { ETag: searchTag(search) } };
}

/** @throws RequestError as {@link saveSearch} */
export async function savedSearch(
  deps: ChangeSearchDeps,
  request: ApiRequest,
  change: Omit<SearchChange, 'preconditions'>,
) {
  const { headers } = request;
  const preconditions = { ifMatch: headers.get('if-match'), ifNoneMatch: headers.get('if-none-match') };
  const { search, isNew } = await saveSearch(deps, { ...change, preconditions });
  const [ETag, body] = [searchTag(search), publicSearch(search)];
  if (!isNew) return { status: 200, body, headers: { ETag } } as const;
  const Location = addressOf(request, '.').replace(/\/$/, '');
  return { status: 201, body, headers: { ETag, Location } } as const;
}

/** @throws RequestError as {@link deleteSearch} */
export async function forgetSearch(
  deps: ChangeSearchDeps,
  { headers }: ApiRequest,
  change: SearchSpace & Pick<SearchChange, 'name'>,
): Promise<void> {
  await deleteSearch(deps, { ...change, ifMatch: headers.get('if-match') });
}

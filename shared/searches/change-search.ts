/** Saves and deletes searches under the conditions of HTTP: If-Match and If-None-Match. */
import * as z from 'zod';
import type { Caller } from '../access/caller.ts';
import { ensureMayChange } from '../access/maker.ts';
import { entityTag, namesTag } from '../http/conditional.ts';
import { RequestError } from '../errors.ts';
import { retryConflict } from '../retry.ts';
import { parseSearchFilters } from './search-query.ts';
import { ensureMayRefilter, ensureUnused, type SearchUses } from './search-uses.ts';
import {
  checkSearchName,
  findSearch,
  searchFiltersSchema,
  type SavedSearch,
  type SearchCondition,
  type SearchStore,
  type StoredSearch,
} from './search.ts';

/** The body of a PUT. */
export const searchBodySchema = z.strictObject({
  displayName: z.string().min(1).max(256).optional().meta({ description: 'Its name for people.' }),
  filters: searchFiltersSchema,
});

/** The headers `If-Match` and `If-None-Match`. */
export interface Preconditions {
  readonly ifMatch: string | null;
  readonly ifNoneMatch: string | null;
}

export interface SearchChange {
  readonly owner: string;
  readonly name: string;
  readonly caller: Caller;
  readonly body: z.output<typeof searchBodySchema> & Pick<SavedSearch, 'tenants'>;
  readonly preconditions: Preconditions;
}

export interface ChangeSearchDeps extends SearchUses {
  readonly searches: SearchStore;
  readonly now: () => Date;
}

export function searchTag({ etag }: StoredSearch): string {
  return entityTag(etag);
}

/**
 * Its first saver is its maker.
 * @throws RequestError 400 for invalid filters, 403 for a search of someone else, 409 for filters that subscriptions
 *   or destinations of others use, 412 if a condition does not hold
 */
export async function saveSearch(
  deps: ChangeSearchDeps,
  { owner, name, caller, body, preconditions }: SearchChange,
): Promise<{ readonly search: StoredSearch; readonly isNew: boolean }> {
  checkSearchName(name);
  parseSearchFilters(body.filters);
  return await retryConflict('search', async () => {
    const before = await deps.searches.get(owner, name);
    const condition = conditionOf(before, preconditions);
    if (before !== undefined) {
      ensureMayChange(caller, before.createdBy, 'search');
      await ensureMayRefilter(deps, caller, { before, after: body });
    }
    const createdBy = before === undefined ? caller.id : before.createdBy;
    const saved = { ...body, owner, name, createdBy, lastModifiedDateTime: deps.now() };
    const search = await deps.searches.put(saved, condition);
    return search && { search, isNew: before === undefined };
  });
}

/**
 * Succeeds if there is none. New uses touch the search: one that is created after the uses were listed makes the deletion
 * start over.
 * @throws RequestError 403 for a search of someone else, 409 for one that is used, 412
 */
export async function deleteSearch(
  deps: Omit<ChangeSearchDeps, 'now'>,
  {
    owner,
    name,
    caller,
    ifMatch,
  }: Omit<SearchChange, 'body' | 'preconditions'> & Pick<Preconditions, 'ifMatch'>,
): Promise<void> {
  checkSearchName(name);
  const { searches } = deps;
  await retryConflict('search', async () => {
    const before = await searches.get(owner, name);
    if (ifMatch !== null) matching(before, ifMatch);
    if (before === undefined) return true;
    ensureMayChange(caller, before.createdBy, 'search');
    await ensureUnused(deps, before);
    return (await searches.remove(owner, name, before.etag)) || undefined;
  });
}

/**
 * Makes changes of the search that are being decided start over.
 * @throws RequestError 404 if it was deleted meanwhile
 */
export async function touchSearch(
  searches: Pick<SearchStore, 'get' | 'put'>,
  { owner, name }: Pick<SearchChange, 'owner' | 'name'>,
): Promise<void> {
  await retryConflict('search', async () => {
    const { etag, ...search } = await findSearch(searches, owner, name);
    return await searches.put(search, { kind: 'unchanged', etag });
  });
}

function matching(before: StoredSearch | undefined, ifMatch: string): StoredSearch {
  if (before !== undefined && namesTag(ifMatch, searchTag(before))) return before;
  throw conditionFailed('If-Match');
}

function conditionOf(
  before: StoredSearch | undefined,
  { ifMatch, ifNoneMatch }: Preconditions,
): SearchCondition {
  if (ifMatch !== null) matching(before, ifMatch);
  if (ifNoneMatch !== null && before !== undefined && namesTag(ifNoneMatch, searchTag(before))) {
    throw conditionFailed('If-None-Match');
  }
  return before === undefined ? { kind: 'absent' } : { kind: 'unchanged', etag: before.etag };
}

function conditionFailed(header: 'If-Match' | 'If-None-Match'): RequestError {
  const message =
    header === 'If-Match'
      ? 'The search was modified since you read it. Read it again, then send your change with the new ETag.'
      : 'A search of this name already exists. Choose another name, or send If-Match with its ETag.';
  return new RequestError(412, 'PreconditionFailed', message, { target: header });
}

/** Saves and deletes searches under the conditions of HTTP: If-Match and If-None-Match. */
import * as z from 'zod';
import { entityTag, namesTag } from '../http/conditional.ts';
import { RequestError } from '../errors.ts';
import { retryConflict } from '../retry.ts';
import { parseSearchFilters } from './search-query.ts';
import {
  checkSearchName,
  searchFiltersSchema,
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
  readonly tenantId: string;
  readonly name: string;
  readonly body: z.output<typeof searchBodySchema>;
  readonly preconditions: Preconditions;
}

export interface ChangeSearchDeps {
  readonly searches: SearchStore;
  readonly now: () => Date;
}

export function searchTag({ etag }: StoredSearch): string {
  return entityTag(etag);
}

/** @throws RequestError 400 for invalid filters, 412 if a condition does not hold */
export async function saveSearch(
  { searches, now }: ChangeSearchDeps,
  { tenantId, name, body, preconditions }: SearchChange,
): Promise<{ readonly search: StoredSearch; readonly isNew: boolean }> {
  checkSearchName(name);
  parseSearchFilters(body.filters);
  return await retryConflict('search', async () => {
    const before = await searches.get(tenantId, name);
    const condition = conditionOf(before, preconditions);
    const search = await searches.put({ ...body, tenantId, name, lastModifiedDateTime: now() }, condition);
    return search && { search, isNew: before === undefined };
  });
}

/** @throws RequestError 412 */
export async function deleteSearch(
  searches: SearchStore,
  { tenantId, name, ifMatch }: Pick<SearchChange, 'tenantId' | 'name'> & Pick<Preconditions, 'ifMatch'>,
): Promise<void> {
  checkSearchName(name);
  const etag = ifMatch === null ? undefined : matching(await searches.get(tenantId, name), ifMatch).etag;
  if (!(await searches.remove(tenantId, name, etag))) throw conditionFailed('If-Match');
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

/** What uses a saved search: webhook subscriptions deliver what it says at that moment. */
import { isDeepStrictEqual } from 'node:util';
import type { Caller } from '../access/caller.ts';
import { managesTenants } from '../access/maker.ts';
import { RequestError } from '../errors.ts';
import { publicFilters, searchKey, type SavedSearch, type SearchFilters } from './search.ts';

/** A subscription, as far as searches care. */
interface SearchUse {
  readonly subscriptionId: string;
  readonly createdBy: string;
  readonly wanted: { readonly search?: string | undefined };
}

export interface SearchUses {
  list(tenantId: string): Promise<readonly SearchUse[]>;
}

type Named = Pick<SavedSearch, 'tenantId' | 'name'>;

/** Everyone who may read the tenant's records may list its subscriptions, so the error names them. @throws RequestError 409 */
export async function ensureUnused(uses: SearchUses, search: Named): Promise<void> {
  const ids = idsOf(await usesOf(uses, search));
  if (ids === '') return;
  const message = `Webhook subscriptions use this search: ${ids}. Delete them first.`;
  throw new RequestError(409, 'SearchInUse', message);
}

/**
 * A subscription must not start to deliver something else because of a caller who has no say in it.
 * @throws RequestError 409 for other filters than before, if others subscribe to the search; not for callers who manage
 *   tenants
 */
export async function ensureMayRefilter(
  uses: SearchUses,
  caller: Caller,
  { before, filters }: { readonly before: SavedSearch; readonly filters: SearchFilters },
): Promise<void> {
  if (managesTenants(caller) || isSame(before.filters, filters)) return;
  const ids = idsOf((await usesOf(uses, before)).filter(({ createdBy }) => createdBy !== caller.id));
  if (ids === '') return;
  const way = 'Save the filters under another name, or use a key with the scope tenants.manage.';
  throw new RequestError(
    409,
    'SearchInUse',
    `Webhook subscriptions of others use this search: ${ids}. ${way}`,
  );
}

async function usesOf(uses: SearchUses, { tenantId, name }: Named): Promise<readonly SearchUse[]> {
  const all = await uses.list(tenantId);
  return all.filter(
    ({ wanted }) => wanted.search !== undefined && searchKey(wanted.search) === searchKey(name),
  );
}

/** There are at most fifty. */
function idsOf(uses: readonly SearchUse[]): string {
  return uses.map(({ subscriptionId }) => subscriptionId).join(', ');
}

function isSame(one: SearchFilters, other: SearchFilters): boolean {
  return isDeepStrictEqual(publicFilters(one), publicFilters(other));
}

/** What uses a saved search: webhook subscriptions deliver what it says at that moment. */
import { isDeepStrictEqual } from 'node:util';
import type { Caller } from '../access/caller.ts';
import { managesTenants } from '../access/maker.ts';
import { RequestError } from '../errors.ts';
import { publicFilters, searchKey, type SavedSearch } from './search.ts';

/** A subscription, as far as searches care. */
interface SearchUse {
  readonly subscriptionId: string;
  readonly createdBy: string;
  readonly wanted: { readonly search?: string | undefined };
}

export interface SearchUses {
  list(owner: string): Promise<readonly SearchUse[]>;
}

type Named = Pick<SavedSearch, 'owner' | 'name'>;
/** What it finds. */
type Content = Pick<SavedSearch, 'filters' | 'tenants'>;

/** Everyone who may use the search may list the subscriptions of its owner, so the error names them. @throws RequestError 409 */
export async function ensureUnused(uses: SearchUses, search: Named): Promise<void> {
  const ids = idsOf(await usesOf(uses, search));
  if (ids === '') return;
  const message = `Webhook subscriptions use this search: ${ids}. Delete them first.`;
  throw new RequestError(409, 'SearchInUse', message);
}

/**
 * A subscription must not start to deliver something else because of a caller who has no say in it.
 * @throws RequestError 409 for other filters or tenants than before, if others subscribe to the search; not for callers who manage
 *   tenants
 */
export async function ensureMayRefilter(
  uses: SearchUses,
  caller: Caller,
  { before, after }: { readonly before: SavedSearch; readonly after: Content },
): Promise<void> {
  if (managesTenants(caller) || isSame(before, after)) return;
  const ids = idsOf((await usesOf(uses, before)).filter(({ createdBy }) => createdBy !== caller.id));
  if (ids === '') return;
  const way = 'Save the filters under another name, or use a key with the scope tenants.manage.';
  throw new RequestError(
    409,
    'SearchInUse',
    `Webhook subscriptions of others use this search: ${ids}. ${way}`,
  );
}

async function usesOf(uses: SearchUses, { owner, name }: Named): Promise<readonly SearchUse[]> {
  const all = await uses.list(owner);
  return all.filter(
    ({ wanted }) => wanted.search !== undefined && searchKey(wanted.search) === searchKey(name),
  );
}

/** There are at most fifty. */
function idsOf(uses: readonly SearchUse[]): string {
  return uses.map(({ subscriptionId }) => subscriptionId).join(', ');
}

function isSame(one: Content, other: Content): boolean {
  return (
    one.tenants === other.tenants &&
    isDeepStrictEqual(publicFilters(one.filters), publicFilters(other.filters))
  );
}

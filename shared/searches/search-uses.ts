/** What uses a saved search: webhook subscriptions and destinations send what it says at that moment. */
import { isDeepStrictEqual } from 'node:util';
import type { Caller } from '../access/caller.ts';
import { managesTenants } from '../access/maker.ts';
import { RequestError } from '../errors.ts';
import { publicFilters, searchKey, type SavedSearch } from './search.ts';

/** What relies on searches, as far as those care. */
export interface SearchUses {
  readonly subscriptions: { list(owner: string): Promise<readonly UseBySubscription[]> };
  readonly destinations: { list(): Promise<readonly UseByDestination[]> };
}

interface UseBySubscription {
  readonly subscriptionId: string;
  readonly createdBy: string;
  readonly wanted: { readonly search?: string | undefined };
}

interface UseByDestination {
  readonly destinationId: string;
  readonly createdBy: string;
  readonly search?: Named | undefined;
}

interface Use {
  readonly createdBy: string;
  /** For people. */
  readonly name: string;
}

type Named = Pick<SavedSearch, 'owner' | 'name'>;
/** What it finds. */
type Content = Pick<SavedSearch, 'filters' | 'tenants'>;

/** Everyone who may use the search may list the subscriptions of its owner, so the error names what uses it. @throws RequestError 409 */
export async function ensureUnused(uses: SearchUses, search: Named): Promise<void> {
  const used = namesOf(await usesOf(uses, search));
  if (used === '') return;
  const message = `This search is used by ${used}. Delete them, or have them use something else, first.`;
  throw new RequestError(409, 'SearchInUse', message);
}

/**
 * Nothing must start to send something else because of a caller who has no say in it.
 * @throws RequestError 409 for other filters or tenants than before, if what others made uses the search; not for callers who
 *   manage tenants
 */
export async function ensureMayRefilter(
  uses: SearchUses,
  caller: Caller,
  { before, after }: { readonly before: SavedSearch; readonly after: Content },
): Promise<void> {
  if (managesTenants(caller) || isSame(before, after)) return;
  const used = namesOf((await usesOf(uses, before)).filter(({ createdBy }) => createdBy !== caller.id));
  if (used === '') return;
  const way = 'Save the filters under another name, or use a key with the scope tenants.manage.';
  throw new RequestError(409, 'SearchInUse', `This search is used by ${used} of others. ${way}`);
}

async function usesOf({ subscriptions, destinations }: SearchUses, search: Named): Promise<readonly Use[]> {
  const isIt = (name: string | undefined) => name !== undefined && searchKey(name) === searchKey(search.name);
  const [sent, onward] = await Promise.all([subscriptions.list(search.owner), destinations.list()]);
  return [
    ...sent
      .filter(({ wanted }) => isIt(wanted.search))
      .map(({ createdBy, subscriptionId: id }) => ({ createdBy, name: `the webhook subscription ${id}` })),
    ...onward
      .filter((one) => one.search?.owner === search.owner && isIt(one.search.name))
      .map(({ createdBy, destinationId: id }) => ({ createdBy, name: `the destination ${id}` })),
  ];
}

/** There are at most fifty of each. */
function namesOf(uses: readonly Use[]): string {
  return uses.map(({ name }) => name).join(', ');
}

function isSame(one: Content, other: Content): boolean {
  return (
    one.tenants === other.tenants &&
    isDeepStrictEqual(publicFilters(one.filters), publicFilters(other.filters))
  );
}

/** Which records a destination sends: those that filters want, or those of a saved search. */
import { invalidParameter, RequestError } from '../errors.ts';
import { touchSearch } from '../searches/change-search.ts';
import { parseSearchFilters } from '../searches/search-query.ts';
import { findSearch, tenantsOfSearch, type SearchFilters, type SearchStore } from '../searches/search.ts';
import type { Destination, DestinationStore, NamedSearch } from './destination.ts';

/** One of them at most; by default everything is sent. */
export interface WantedRecords {
  readonly filters?: SearchFilters | undefined;
  readonly search?: NamedSearch | undefined;
}

/**
 * @returns the tenants of the saved search, if one is wanted
 * @throws RequestError 400 for filters that are not valid, or with a search; 404 for an unknown search
 */
export async function checkWanted(
  { searches }: { readonly searches: Pick<SearchStore, 'get'> },
  { filters, search }: WantedRecords,
): Promise<string | undefined> {
  if (filters !== undefined) parseSearchFilters(filters);
  if (search === undefined) return undefined;
  if (filters !== undefined)
    throw invalidParameter(
      'filters',
      "'filters' cannot be combined with 'search': a saved search has its own.",
    );
  return tenantsOfSearch(await findSearch(searches, search.owner, search.name));
}

/**
 * A search may be deleted while a destination with it is created.
 * @throws RequestError 404 if it was: then there is no destination
 */
export async function keepSearch(
  deps: {
    readonly searches: Pick<SearchStore, 'get' | 'put'>;
    readonly destinations: Pick<DestinationStore, 'remove'>;
  },
  { destinationId, search }: Pick<Destination, 'destinationId' | 'search'>,
): Promise<void> {
  if (search === undefined) return;
  try {
    await touchSearch(deps.searches, search);
  } catch (error) {
    if (error instanceof RequestError) await deps.destinations.remove(destinationId);
    throw error;
  }
}

/** What a destination sends, and with which settings. */
import * as z from 'zod';
import { RequestError } from '../errors.ts';
import type { RecordFilters } from '../query/filters.ts';
import { parseFeedFilters } from '../searches/search-query.ts';
import type { SearchFilters, SearchStore } from '../searches/search.ts';
import type { Failure } from './circuit.ts';
import type { Destination } from './destination.ts';
import type { BoundKind, ConfiguredKind } from './kind.ts';

export interface UsableDeps {
  readonly destinationKinds: ReadonlyMap<string, BoundKind>;
  readonly searches: Pick<SearchStore, 'get'>;
}

/** With filters as they are now. */
export interface Usable {
  readonly kind: ConfiguredKind;
  readonly filters: RecordFilters;
}

/**
 * Reads the saved search of a destination that has one.
 * @returns why nothing can be sent: settings or filters that another release stored may not be valid in this one
 * @throws when storage fails
 */
export async function usableOf(
  deps: UsableDeps,
  destination: Pick<Destination, 'kind' | 'settings' | 'filters' | 'search'>,
): Promise<Usable | Failure> {
  const filters = await filtersOf(deps, destination);
  if (filters === undefined) return withoutSearch;
  try {
    const kind = deps.destinationKinds.get(destination.kind)?.configured(destination.settings);
    return kind === undefined ? invalid : { kind, filters: parseFeedFilters(filters) };
  } catch (error) {
    if (error instanceof RequestError || error instanceof z.ZodError) return invalid;
    throw error;
  }
}

async function filtersOf(
  { searches }: UsableDeps,
  { filters, search }: Pick<Destination, 'filters' | 'search'>,
): Promise<SearchFilters | undefined> {
  return search === undefined ? filters : (await searches.get(search.owner, search.name))?.filters;
}

const invalid = {
  outcome: 'misconfigured',
  cause: 'The settings of the destination are not valid in this release.',
  nextStep: 'Change the settings of the destination.',
} as const;

const withoutSearch = {
  outcome: 'misconfigured',
  cause: 'The saved search of the destination was deleted.',
  nextStep: 'Save the search again, or give the destination filters or another search.',
} as const;

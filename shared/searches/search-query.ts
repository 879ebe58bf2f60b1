/** Turns a saved search into the query that a caller could have sent instead. */
import { invalidParameter } from '../errors.ts';
import { withoutEnd } from '../query/complete-range.ts';
import { parseFilters, type AskedFilters, type RecordFilters } from '../query/filters.ts';
import type { SearchFilters } from './search.ts';

/** The filters, as the parameters of a list. */
export function searchParameters(filters: SearchFilters): URLSearchParams {
  const pairs = Object.entries(filters).flatMap(([name, value]) =>
    [value].flat().map((text): [string, string] => [name, text]),
  );
  return new URLSearchParams(pairs);
}

/** @throws RequestError 400 naming the filter that is unknown or malformed */
export function parseSearchFilters(filters: SearchFilters): AskedFilters {
  return parseFilters(searchParameters(filters));
}

/** As {@link parseSearchFilters}, for readers in order of arrival: `to=complete` does not restrict them. */
export function parseFeedFilters(filters: SearchFilters): RecordFilters {
  return withoutEnd(parseSearchFilters(filters));
}

/**
 * The search's filters with the parameters that the caller adds; the operation declares which ones those are.
 * @throws RequestError 400 for a parameter that the search has already
 */
export function withAdditions(filters: SearchFilters, query: URLSearchParams): URLSearchParams {
  const all = searchParameters(filters);
  for (const [name, value] of query) {
    if (Object.hasOwn(filters, name)) throw invalidParameter(name, `The search has its own '${name}'.`);
    all.append(name, value);
  }
  return all;
}

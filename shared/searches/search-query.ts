/** Turns a saved search into the question that a caller could have asked in its stead. */
import { invalidParameter } from '../errors.ts';
import { parseFilters, type RecordFilters } from '../query/filters.ts';
import type { SearchFilters } from './search.ts';

/** The filters, as the parameters of a list. */
export function searchParameters(filters: SearchFilters): URLSearchParams {
  const pairs = Object.entries(filters).flatMap(([name, value]) =>
    [value].flat().map((text): [string, string] => [name, text]),
  );
  return new URLSearchParams(pairs);
}

/** @throws RequestError 400 naming the filter that is unknown or malformed */
export function parseSearchFilters(filters: SearchFilters): RecordFilters {
  return parseFilters(searchParameters(filters));
}

/** What a caller may add: which part of the answer, in which order, and a range where the search has none. */
const additions: readonly string[] = [
  ...['from', 'to', 'top', 'orderby', 'select', 'skiptoken', 'api-version'],
];

/**
 * The search's filters with what the caller adds.
 * @throws RequestError 400 for a filter of the caller's own, or one that the search has already
 */
export function withAdditions(filters: SearchFilters, query: URLSearchParams): URLSearchParams {
  const all = searchParameters(filters);
  for (const [name, value] of query) {
    const known = name.replace(/^\$/, '');
    if (!additions.includes(known)) {
      const message = `A search has its own filters; ${name.slice(0, 64)} cannot be added. Known: ${additions.join(', ')}.`;
      throw invalidParameter(name.slice(0, 64), message);
    }
    if (known in filters) throw invalidParameter(name, `The search has its own ${known}.`);
    all.append(name, value);
  }
  return all;
}

const feedAdditions: readonly string[] = ['top', 'select', 'triggerState', 'start', 't', 'api-version'];

/** @throws RequestError 400 for what cannot be asked of a search's feed */
export function checkFeedAdditions(query: URLSearchParams): void {
  const name = [...query.keys()].find((key) => !feedAdditions.includes(key.replace(/^\$/, '')));
  if (name === undefined) return;
  const message = `A search has its own filters; ${name.slice(0, 64)} cannot be added. Known: ${feedAdditions.join(', ')}.`;
  throw invalidParameter(name.slice(0, 64), message);
}

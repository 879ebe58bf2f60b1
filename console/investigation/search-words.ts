/** A search in words, as people name it. */
import { fieldOf, filterNames } from '../search/filter-fields.ts';
import type { SearchState } from '../search/search-state.ts';
import { presetTexts, rangeOf } from '../search/time-range.ts';

/** Such as `Tenants: tag:gold · People: ann@contoso.example · Last 7 days`; without filters only the time. */
export function searchWords(state: SearchState): string {
  const tenants = state.tenants.includes('*') ? [] : [`Tenants: ${state.tenants.join(', ')}`];
  const filters = filterNames
    .filter((name) => state[name].length > 0)
    .map((name) => `${fieldOf(name).label}: ${state[name].join(', ')}`);
  return [...tenants, ...filters, timeWords(state)].join(' · ');
}

function timeWords({ range, from, to }: SearchState): string {
  if (range !== 'custom') return presetTexts[range];
  return `${from === '' ? 'From the first record' : `From ${from}`} to ${to === '' ? 'now' : to} (UTC)`;
}

/** For documents, which are read much later: with the time that the search is about at a moment. */
export function datedWords(state: SearchState, now: Date): string {
  const { from, to } = rangeOf(state, now);
  return `${searchWords(state)} (${from ?? 'from the first record'} to ${to})`;
}

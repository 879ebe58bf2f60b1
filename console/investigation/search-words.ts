/** A search in words, as people name it. */
import { fieldOf, filterNames } from '../search/filter-fields.ts';
import type { SearchState } from '../search/search-state.ts';
import { presetTexts } from '../search/time-range.ts';

/** Such as `People: ann@contoso.example · Last 7 days`; without filters only the time. */
export function searchWords(state: SearchState): string {
  const filters = filterNames
    .filter((name) => state[name].length > 0)
    .map((name) => `${fieldOf(name).label}: ${state[name].join(', ')}`);
  return [...filters, timeWords(state)].join(' · ');
}

function timeWords({ range, from, to }: SearchState): string {
  if (range !== 'custom') return presetTexts[range];
  return `${from === '' ? 'From the first record' : `From ${from}`} to ${to === '' ? 'now' : to} (UTC)`;
}

/** The state of a search as its address has it, and the query of the API that it becomes. */
import { oneOf, text, writeState, type ChangeState, type StateOf } from '../url/codecs.ts';
import { countsBy } from './count-keys.ts';
import { columnIds, defaultColumns } from './column-ids.ts';
import { fieldOf, filterNames, type FilterName, type Filters } from './filter-fields.ts';
import { joinValues, list, listOr, single } from './lists.ts';
import { presets, type TimeRange } from './time-range.ts';

const filterCodecs = Object.fromEntries(
  filterNames.map((name) => [name, fieldOf(name).kind === 'one' ? single : list]),
) as Readonly<Record<FilterName, typeof list>>;

export const searchSchema = {
  tenants: listOr(['*']),
  range: oneOf(presets, 'week'),
  from: text(),
  to: text(),
  order: oneOf(['newest', 'oldest'], 'newest'),
  ...filterCodecs,
  /** The one that is open: `{tenantId}/{id}`. */
  record: text(),
  columns: listOr(defaultColumns),
  /** The ID of the one that is shown. */
  export: text(),
  counts: oneOf(countsBy, 'time'),
} as const;

export type SearchState = StateOf<typeof searchSchema>;
export type ChangeSearch = ChangeState<typeof searchSchema>;

export function noFilters(): Filters {
  return Object.fromEntries(filterNames.map((name) => [name, []])) as unknown as Filters;
}

export function filtersOf(state: SearchState): Filters {
  return Object.fromEntries(filterNames.map((name) => [name, state[name]])) as unknown as Filters;
}

/** The columns that are shown, in the order of all. */
export function shownColumns({ columns }: SearchState) {
  return columnIds.filter((id) => columns.includes(id));
}

type Asked = Readonly<Partial<Record<FilterName, string | readonly string[]>>>;

/** Filters as parameters of a query and as members of a body. */
export function askedFilters(filters: Filters): Asked {
  return Object.fromEntries(
    filterNames.flatMap((name) => {
      const values = filters[name];
      return values.length === 0 ? [] : [[name, askedValue(name, values)]];
    }),
  );
}

function askedValue(name: FilterName, values: readonly string[]): string | readonly string[] {
  const { kind } = fieldOf(name);
  if (kind === 'repeated') return values;
  return kind === 'list' ? joinValues(values) : (values[0] ?? '');
}

/** Everything that decides which records are found. */
export function askedQuery(state: SearchState, { from, to }: TimeRange) {
  const asked = { tenants: joinValues(state.tenants), to, ...askedFilters(filtersOf(state)) };
  return from === undefined ? asked : { ...asked, from };
}

/** The address of a search: everything that is not given is as at first. */
export function searchAddress(changes: Partial<SearchState>): string {
  return `/console/search${writeState(searchSchema, '', changes)}`;
}

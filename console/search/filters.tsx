import { Button } from '../parts/button.tsx';
import { Choice } from '../parts/field.tsx';
import { fieldOf, filterNames, type FilterName } from './filter-fields.ts';
import { splitValues } from './lists.ts';
import { useTenantChoices, useVocabulary, type Choice as Named } from './queries.ts';
import { noFilters, type ChangeSearch, type SearchState } from './search-state.ts';
import { RangeFields } from './range-fields.tsx';
import { presets, presetTexts, type TimeRange } from './time-range.ts';
import { ValuesField } from './values-field.tsx';

interface FiltersProps {
  readonly state: SearchState;
  readonly change: ChangeSearch;
  readonly range: TimeRange;
  /** The first records are there: the lists of the filters may be loaded. */
  readonly isReady: boolean;
}

/** All filters of a search. Each change is a step in the history. */
export function Filters(props: FiltersProps) {
  const { state, change } = props;
  const more = filterNames.filter((name) => fieldOf(name).isMain !== true);
  const used = more.filter((name) => state[name].length > 0).length;
  return (
    <div class="card search-filters" role="search">
      <div class="search-fields">
        <TenantsField {...props} />
        <Choice
          label="Time"
          value={state.range}
          options={presets.map((value) => ({ value, text: presetTexts[value] }))}
          onChange={(range) => {
            const { from = '', to } = props.range;
            change(range === 'custom' ? { range, from, to } : { range, from: '', to: '' }, { push: true });
          }}
        />
        <RangeFields {...props} />
        {filterNames
          .filter((name) => fieldOf(name).isMain === true)
          .map((name) => (
            <FilterField key={name} name={name} {...props} />
          ))}
      </div>
      <details open={used > 0}>
        <summary>More filters{used > 0 ? ` (${used} used)` : ''}</summary>
        <div class="search-fields">
          {more.map((name) => (
            <FilterField key={name} name={name} {...props} />
          ))}
        </div>
      </details>
      {filterNames.some((name) => state[name].length > 0) && (
        <Button
          kind="subtle"
          onClick={() => {
            change(noFilters(), { push: true });
          }}
        >
          Clear all filters
        </Button>
      )}
    </div>
  );
}

function TenantsField({ state, change, isReady }: FiltersProps) {
  const choices = useTenantChoices(isReady).data;
  return (
    <ValuesField
      label="Tenants"
      hint="Add a tenant, or a tag: tag:gold"
      values={state.tenants}
      choices={choices}
      nameOf={(value) => (value === '*' ? 'All tenants' : nameIn(choices, value))}
      valuesOf={splitValues}
      onChange={(values) => {
        change({ tenants: narrowed(values) }, { push: true });
      }}
    />
  );
}

/** All tenants are all that there are, until another one is chosen. */
function narrowed(values: readonly string[]): readonly string[] {
  const some = values.filter((value) => value !== '*');
  return values.at(-1) === '*' || some.length === 0 ? ['*'] : some;
}

function FilterField({ name, state, change, isReady }: FiltersProps & { readonly name: FilterName }) {
  const { label, kind, hint, vocabulary } = fieldOf(name);
  const choices = useVocabulary(vocabulary ?? 'services', vocabulary !== undefined && isReady).data;
  const own = vocabulary === undefined ? undefined : choices;
  return (
    <ValuesField
      {...{ label, hint }}
      values={state[name]}
      isSingle={kind === 'one'}
      choices={own}
      nameOf={(value) => nameIn(own, value)}
      valuesOf={kind === 'list' ? splitValues : (text) => [text]}
      onChange={(values) => {
        change({ [name]: values }, { push: true });
      }}
    />
  );
}

/** The readable name of a value. */
export function nameIn(choices: readonly Named[] | undefined, value: string): string {
  return choices?.find(({ name }) => name.toLowerCase() === value.toLowerCase())?.displayName ?? value;
}

import { Button } from '../parts/button.tsx';
import { Choice } from '../parts/field.tsx';
import { fieldOf, filterNames, type FilterName } from './filter-fields.ts';
import { splitValues } from './lists.ts';
import { nameIn, useVocabulary } from './queries.ts';
import { noFilters, type ChangeSearch, type SearchState } from './search-state.ts';
import { RangeFields } from './range-fields.tsx';
import { TenantsField } from './tenants-field.tsx';
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
        <TenantsField
          values={state.tenants}
          isReady={props.isReady}
          onChange={(tenants) => {
            change({ tenants }, { push: true });
          }}
        />
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

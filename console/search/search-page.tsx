import { useMemo, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { AddSearch } from '../investigation/add-buttons.tsx';
import { Button } from '../parts/button.tsx';
import { Choice } from '../parts/field.tsx';
import { Page } from '../shell/page.tsx';
import { writeState } from '../url/codecs.ts';
import { useUrlState } from '../url/use-url-state.ts';
import { CountsPanel } from './counts-panel.tsx';
import { ColumnsChoice } from './columns-choice.tsx';
import { ExportMenu } from './export-menu.tsx';
import { ExportPanel } from './export-panel.tsx';
import { Filters } from './filters.tsx';
import { useRecords } from './queries.ts';
import { RecordPanel } from './record-panel.tsx';
import { Results } from './results.tsx';
import { SavedMenu } from './saved-menu.tsx';
import { searchSchema, shownColumns, type ChangeSearch, type SearchState } from './search-state.ts';
import { rangeOf, type TimeRange } from './time-range.ts';

/** Records of all tenants: what was done, when, and who did it; each opens next to the list. */
export function SearchPage() {
  const [state, change] = useUrlState(searchSchema);
  const [now, setNow] = useState(() => new Date());
  const range = useMemo(() => rangeOf(state, now), [state, now]);
  const records = useRecords(state, range);
  const close = () => {
    change({ record: '' }, { push: true });
    // The row that was left has the focus again.
    setTimeout(() => document.querySelector<HTMLElement>('[role=grid] [tabindex="0"]')?.focus());
  };
  return (
    <Page
      title="Search"
      about="Who did what, when, and where: every record that is kept."
      actions={
        <Button
          onClick={() => {
            setNow(new Date());
          }}
        >
          Search again
        </Button>
      }
    >
      <Filters {...{ state, change, range }} isReady={!records.isPending} />
      <div
        class={state.record === '' ? 'search-body' : 'search-body with-record'}
        onKeyDown={({ key }) => {
          if (key === 'Escape' && state.record !== '') close();
        }}
      >
        <div class="search-list">
          <Toolbar {...{ state, change, range }} />
          {state.export !== '' && (
            <ExportPanel
              key={state.export}
              exportId={state.export}
              onClose={() => {
                change({ export: '' }, { push: true });
              }}
            />
          )}
          {(records.isPending || records.rows.length > 0 || records.hasNextPage) && (
            <CountsPanel {...{ state, change, range }} isReady={!records.isPending} />
          )}
          <OfSearch {...{ state, change, records }} />
        </div>
        <OpenRecord state={state} onClose={close} />
      </div>
    </Page>
  );
}

interface OfSearchProps {
  readonly state: SearchState;
  readonly change: ChangeSearch;
}

function Toolbar({ state, change, range }: OfSearchProps & { readonly range: TimeRange }) {
  const { path } = useLocation();
  return (
    <div class="search-tools">
      <Choice
        label="Order"
        value={state.order}
        options={[
          { value: 'newest', text: 'Newest first' },
          { value: 'oldest', text: 'Oldest first' },
        ]}
        onChange={(order) => {
          change({ order }, { push: true });
        }}
      />
      <ColumnsChoice
        shown={shownColumns(state)}
        onChange={(columns) => {
          change({ columns });
        }}
      />
      <AddSearch search={writeState(searchSchema, '', { ...state, record: '', export: '' })} />
      <SavedMenu state={state} />
      <ExportMenu
        {...{ state, range }}
        hrefOf={(one) => `${path}${writeState(searchSchema, location.search, { export: one })}`}
        onStarted={(one) => {
          change({ export: one }, { push: true });
        }}
      />
    </div>
  );
}

function OfSearch({
  state,
  change,
  records,
}: OfSearchProps & { readonly records: ReturnType<typeof useRecords> }) {
  const { path } = useLocation();
  return (
    <Results
      records={records}
      shown={shownColumns(state)}
      openRecord={state.record}
      hrefOf={(record) => `${path}${writeState(searchSchema, location.search, { record })}`}
      onOpen={(record) => {
        change({ record }, { push: true });
      }}
    />
  );
}

function OpenRecord({ state, onClose }: { readonly state: SearchState; readonly onClose: () => void }) {
  const [tenantId = '', recordId = ''] = state.record.split('/');
  if (recordId === '') return undefined;
  return <RecordPanel {...{ tenantId, recordId, onClose }} around={state} />;
}

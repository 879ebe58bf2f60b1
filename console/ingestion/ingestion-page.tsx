import { useMemo } from 'preact/hooks';
import { Badge } from '../parts/badge.tsx';
import type { Column } from '../parts/data-table.tsx';
import { Choice, Field } from '../parts/field.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Moment } from '../parts/moment.tsx';
import { durationOf } from '../parts/moments.ts';
import { Empty } from '../parts/states.tsx';
import { TenantsTable } from '../parts/tenants-table.tsx';
import { Text } from '../parts/text.tsx';
import { Tiles } from '../parts/tiles.tsx';
import { Page } from '../shell/page.tsx';
import { useTenants } from '../tenants/queries.ts';
import { flag, oneOf, text, type StateOf, type ChangeState } from '../url/codecs.ts';
import { useUrlState } from '../url/use-url-state.ts';
import {
  filtered,
  shows,
  sorted,
  sortings,
  statusOf,
  type IngestionRow,
  type Show,
} from './ingestion-row.ts';
import { useIngestionOf } from './queries.ts';

const schema = {
  tenants: text('*'),
  q: text(),
  show: oneOf(shows, 'all'),
  sort: oneOf(sortings, 'worst'),
  desc: flag,
} as const;

interface Changing {
  readonly state: StateOf<typeof schema>;
  readonly change: ChangeState<typeof schema>;
}

/** How fresh and how complete the collection of all tenants is, the worst first. */
export function IngestionPage() {
  const [state, change] = useUrlState(schema);
  const ingestion = useIngestionOf(state.tenants);
  return (
    <Page
      title="Ingestion"
      about="How complete collection is in each tenant, what is pending, and what was lost."
    >
      <Filters state={state} change={change} />
      <Loaded query={ingestion} what="states of ingestion">
        {(rows) => <Rows rows={rows} state={state} change={change} />}
      </Loaded>
    </Page>
  );
}

function Filters({ state, change }: Changing) {
  const tags = [...new Set(useTenants().data?.value.flatMap((tenant) => tenant.tags))].sort();
  const sets = [...new Set(['*', ...tags.map((tag) => `tag:${tag}`), state.tenants])];
  return (
    <div class="filters" role="search">
      <Field
        label="Find"
        type="search"
        value={state.q}
        placeholder="Name or ID"
        onInput={(q) => {
          change({ q });
        }}
      />
      <Choice
        label="Tenants"
        value={state.tenants}
        options={sets.map((value) => ({ value, text: textOfSet(value) }))}
        onChange={(tenants) => {
          change({ tenants }, { push: true });
        }}
      />
    </div>
  );
}

function textOfSet(set: string): string {
  if (set === '*') return 'All';
  return set.startsWith('tag:') ? `With the tag ${set.slice('tag:'.length)}` : set;
}

function Rows({ rows, state, change }: Changing & { readonly rows: readonly IngestionRow[] }) {
  const found = useMemo(
    () => sorted(filtered(rows, state.q, state.show), state.sort, state.desc),
    [rows, state],
  );
  if (rows.length === 0)
    return (
      <Empty icon="ingestion" title="Nothing is collected yet">
        <p>Tenants are here as soon as they are registered.</p>
        <a href="/console/tenants">Show the tenants</a>
      </Empty>
    );
  return (
    <>
      <Tiles
        tiles={tiles}
        selected={state.show}
        countOf={(show) => filtered(rows, '', show).length}
        onSelect={(show) => {
          change({ show }, { push: true });
        }}
      />
      <TenantsTable
        label="Ingestion"
        columns={columns}
        rows={found}
        total={rows.length}
        {...{ sortings, state }}
        onSort={(sorting) => {
          change(sorting, { push: true });
        }}
        onShowAll={() => {
          change({ q: '', show: 'all', tenants: '*' }, { push: true });
        }}
      />
    </>
  );
}

const tiles: readonly { readonly show: Show; readonly text: string }[] = [
  { show: 'all', text: 'Tenants' },
  { show: 'failing', text: 'Polls fail' },
  { show: 'undelivered', text: 'Not delivered' },
  { show: 'behind', text: 'Behind by 3\u00a0h' },
  { show: 'gaps', text: 'With gaps' },
  { show: 'rejected', text: 'With rejected bodies' },
];

const columns: readonly Column<IngestionRow>[] = [
  {
    id: 'name',
    title: 'Tenant',
    width: 'minmax(10rem, 2fr)',
    isSortable: true,
    render: ({ tenantId, displayName }, { tabIndex }) => (
      <a href={`/console/ingestion/${tenantId}`} tabIndex={tabIndex}>
        <Text most={80}>{displayName}</Text>
      </a>
    ),
  },
  {
    id: 'status',
    title: 'Status',
    width: '9rem',
    render: (row) => {
      const { tone, text: said } = statusOf(row);
      return <Badge tone={tone}>{said}</Badge>;
    },
  },
  {
    id: 'lag',
    title: 'Behind',
    width: '6.5rem',
    isSortable: true,
    isExtra: true,
    render: ({ lagSeconds }) => (lagSeconds === undefined ? 'Unknown' : durationOf(lagSeconds)),
  },
  {
    id: 'complete',
    title: 'Complete through',
    width: 'minmax(13rem, 1.5fr)',
    isExtra: true,
    render: ({ completeThrough }) =>
      completeThrough === undefined ? 'Unknown' : <Moment at={completeThrough} />,
  },
  countColumn('pending', 'Pending', 'types'),
  countColumn('gaps', 'Gaps', 'gaps'),
  countColumn('rejected', 'Rejected', 'rejected'),
];

/** A count that leads to what it counts. */
function countColumn(id: 'pending' | 'gaps' | 'rejected', title: string, tab: string): Column<IngestionRow> {
  return {
    id,
    title,
    width: '6rem',
    isSortable: true,
    isExtra: true,
    render: (row, { tabIndex }) =>
      row[id] === 0 ? (
        <span>None</span>
      ) : (
        <a href={`/console/ingestion/${row.tenantId}?tab=${tab}`} tabIndex={tabIndex}>
          {row[id].toLocaleString('en')}
        </a>
      ),
  };
}

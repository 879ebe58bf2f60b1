import { useMemo } from 'preact/hooks';
import { toApiError } from '../api/api-error.ts';
import { Badge } from '../parts/badge.tsx';
import type { Column } from '../parts/data-table.tsx';
import { Choice, Field } from '../parts/field.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { durationOf } from '../parts/moments.ts';
import { Empty, Failure } from '../parts/states.tsx';
import { TenantsTable } from '../parts/tenants-table.tsx';
import { Text } from '../parts/text.tsx';
import { Tiles } from '../parts/tiles.tsx';
import { useRefusal } from '../session/use-permissions.ts';
import { Page } from '../shell/page.tsx';
import { flag, oneOf, text, type ChangeState } from '../url/codecs.ts';
import { useUrlState } from '../url/use-url-state.ts';
import { useAllIngestion, useAllPostures, useTenants } from './queries.ts';
import {
  auditingTexts,
  filtered,
  rowsOf,
  shows,
  slowSeconds,
  sorted,
  sortings,
  type Show,
  type TenantRow,
} from './tenant-row.ts';

const schema = {
  q: text(),
  show: oneOf(shows, 'all'),
  tag: text(),
  sort: oneOf(sortings, 'next'),
  desc: flag,
} as const;

/** All tenants that the session sees, what is wrong with which, and what to do next. */
export function TenantsPage() {
  const [tenants, ingestion, postures] = [useTenants(), useAllIngestion(), useAllPostures()];
  return (
    <Page
      title="Tenants"
      about="Who is audited, how fresh it is, what was lost, and what to do next."
      actions={<Onboard />}
    >
      {[ingestion, postures].map(
        ({ error, refetch }, at) =>
          error !== null && (
            <Failure
              error={toApiError(error)}
              what={`The ${at === 0 ? 'columns "Collection" and "Gaps"' : 'column "Auditing"'} could not be loaded`}
              retry={() => void refetch()}
            />
          ),
      )}
      <Loaded query={tenants} what="tenants">
        {({ value }) =>
          value.length === 0 ? (
            <NoTenants />
          ) : (
            <Tenants rows={rowsOf({ tenants: value, ingestion: ingestion.data, postures: postures.data })} />
          )
        }
      </Loaded>
    </Page>
  );
}

function NoTenants() {
  if (useRefusal('RegisterTenant') !== undefined)
    return (
      <Empty icon="people" title="You see no tenants">
        <p>
          None of the tenants that your sign-in is for is registered. Ask an administrator of this deployment.
        </p>
      </Empty>
    );
  return (
    <Empty icon="people" title="There are no tenants yet">
      <p>
        Onboard the first one by its domain: its administrator gets a link to consent, and collection begins.
      </p>
      <Onboard />
    </Empty>
  );
}

/** For those who may. */
function Onboard() {
  if (useRefusal('RegisterTenant') !== undefined) return null;
  return (
    <a class="button primary" href="/console/tenants/onboard">
      Onboard tenants
    </a>
  );
}

function Tenants({ rows }: { readonly rows: readonly TenantRow[] }) {
  const [state, change] = useUrlState(schema);
  const found = useMemo(
    () => sorted(filtered(rows, { text: state.q, show: state.show, tag: state.tag }), state.sort, state.desc),
    [rows, state],
  );
  return (
    <>
      <Tiles
        tiles={tiles}
        selected={state.show}
        countOf={(show) => filtered(rows, { text: '', show, tag: '' }).length}
        onSelect={(show) => {
          change({ show }, { push: true });
        }}
      />
      <Filters rows={rows} state={state} change={change} />
      <TenantsTable
        label="Tenants"
        columns={columns}
        rows={found}
        total={rows.length}
        {...{ sortings, state }}
        onSort={(sorting) => {
          change(sorting, { push: true });
        }}
        onShowAll={() => {
          change({ q: '', show: 'all', tag: '' }, { push: true });
        }}
      />
    </>
  );
}

interface Changing {
  readonly rows: readonly TenantRow[];
  readonly change: ChangeState<typeof schema>;
}

const tiles: readonly { readonly show: Show; readonly text: string }[] = [
  { show: 'all', text: 'Tenants' },
  { show: 'consent', text: 'Without consent' },
  { show: 'off', text: 'Auditing off' },
  { show: 'partly', text: 'Auditing partly on' },
  { show: 'behind', text: 'Behind by 3\u00a0h' },
  { show: 'gaps', text: 'With gaps' },
];

interface FiltersProps extends Changing {
  readonly state: { readonly q: string; readonly show: Show; readonly tag: string };
}

function Filters({ rows, state, change }: FiltersProps) {
  const tags = [...new Set(rows.flatMap((row) => row.tags))].sort();
  return (
    <div class="filters" role="search">
      <Field
        label="Find"
        type="search"
        value={state.q}
        placeholder="Name, domain, or ID"
        onInput={(q) => {
          change({ q });
        }}
      />
      <Choice
        label="Show"
        value={state.show === 'todo' ? 'todo' : 'all'}
        options={[
          { value: 'all', text: 'All' },
          { value: 'todo', text: 'With something to do' },
        ]}
        onChange={(show) => {
          change({ show }, { push: true });
        }}
      />
      <Choice
        label="Tag"
        value={state.tag}
        options={[{ value: '', text: 'Any' }, ...tags.map((tag) => ({ value: tag, text: tag }))]}
        onChange={(tag) => {
          change({ tag }, { push: true });
        }}
      />
    </div>
  );
}

const columns: readonly Column<TenantRow>[] = [
  {
    id: 'name',
    title: 'Tenant',
    width: 'minmax(11rem, 2fr)',
    isSortable: true,
    render: ({ tenantId, name, domain }, { tabIndex }) => (
      <span class="two-lines">
        <a href={`/console/tenants/${tenantId}`} tabIndex={tabIndex}>
          <Text most={80}>{name}</Text>
        </a>
        <span class="fine">
          <bdi>{domain}</bdi>
        </span>
      </span>
    ),
  },
  {
    id: 'auditing',
    title: 'Auditing',
    width: '8.5rem',
    isSortable: true,
    render: ({ auditing }) => (
      <Badge tone={auditingTexts[auditing].tone}>{auditingTexts[auditing].text}</Badge>
    ),
    // The next step follows from it, and has the space.
    isExtra: true,
  },
  {
    id: 'lag',
    title: 'Collection',
    width: 'minmax(10rem, 1fr)',
    isSortable: true,
    isExtra: true,
    render: (row) => <Collection {...row} />,
  },
  {
    id: 'gaps',
    title: 'Gaps',
    width: '6rem',
    isSortable: true,
    isExtra: true,
    render: ({ tenantId, gaps }, { tabIndex }) =>
      gaps === undefined || gaps === 0 ? (
        <span>{gaps === undefined ? 'Unknown' : 'None'}</span>
      ) : (
        <a href={`/console/tenants/${tenantId}?tab=gaps`} tabIndex={tabIndex}>
          {gaps}
        </a>
      ),
  },
  {
    id: 'tags',
    title: 'Tags',
    width: 'minmax(6rem, 1fr)',
    isExtra: true,
    render: ({ tags }) => (
      <span class="tags">
        {tags.map((tag) => (
          <span class="tag" key={tag}>
            {tag}
          </span>
        ))}
      </span>
    ),
  },
  {
    id: 'next',
    title: 'Next step',
    width: 'minmax(8rem, 1.5fr)',
    isSortable: true,
    render: ({ tenantId, next }, { tabIndex }) =>
      next.urgency === 0 ? (
        <span class="fine">{next.text}</span>
      ) : (
        <a href={`/console/tenants/${tenantId}?tab=${next.tab}`} tabIndex={tabIndex}>
          {next.text}
        </a>
      ),
  },
];

function Collection({ state, lagSeconds }: TenantRow) {
  if (state === 'PendingConsent') return <Badge tone="neutral">No consent yet</Badge>;
  if (state === 'Removing') return <Badge tone="busy">Being removed</Badge>;
  if (lagSeconds === undefined) return <Badge tone="neutral">Not known yet</Badge>;
  const isSlow = lagSeconds > slowSeconds;
  return <Badge tone={isSlow ? 'warning' : 'good'}>{durationOf(lagSeconds)} behind</Badge>;
}

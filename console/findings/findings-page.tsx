import { given } from '../api/given.ts';
import { Badge } from '../parts/badge.tsx';
import type { Column } from '../parts/data-table.tsx';
import { Choice } from '../parts/field.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Moment } from '../parts/moment.tsx';
import { PagedTable } from '../parts/paged-table.tsx';
import { Text } from '../parts/text.tsx';
import { joinValues, listOr } from '../search/lists.ts';
import { TenantsField } from '../search/tenants-field.tsx';
import { useRefusal } from '../session/use-permissions.ts';
import { Page } from '../shell/page.tsx';
import { oneOf, text, type ChangeState, type StateOf } from '../url/codecs.ts';
import { useUrlState } from '../url/use-url-state.ts';
import { severities, severityTexts, stateTexts, type Finding } from './finding-texts.ts';
import { findingAddress } from './finding-address.ts';
import { useFindings } from './queries.ts';
import { WatchChoice } from './watch-choice.tsx';

const schema = {
  tenants: listOr(['*']),
  state: oneOf(['', 'new', 'seen', 'closed'], ''),
  severity: oneOf(['', ...severities], ''),
  watch: text(),
} as const;

interface FiltersProps {
  readonly state: StateOf<typeof schema>;
  readonly change: ChangeState<typeof schema>;
}

/** What watches found in all tenants, newest first. */
export function FindingsPage() {
  const [state, change] = useUrlState(schema);
  const { tenants, severity, watch: watchId } = state;
  const filters = given({ tenants: joinValues(tenants), state: state.state, severity, watchId });
  const findings = useFindings(filters);
  return (
    <Page title="Findings" about="What watches found in new records, newest first." actions={<WatchesLink />}>
      <Filters {...{ state, change }} />
      <Loaded query={findings} what="findings">
        {(rows) => (
          <PagedTable
            label="Findings"
            noun="findings, newest first"
            none="No finding fits these filters"
            pages={findings}
            rows={rows}
            columns={columns}
            keyOf={({ tenantId, id }) => `${tenantId} ${id}`}
          />
        )}
      </Loaded>
    </Page>
  );
}

function WatchesLink() {
  if (useRefusal('ListWatches') !== undefined) return null;
  return (
    <a class="button" href="/console/watches">
      Watches
    </a>
  );
}

/** Each change is a step in the history. */
function Filters({ state, change }: FiltersProps) {
  const set = (changes: Partial<StateOf<typeof schema>>) => {
    change(changes, { push: true });
  };
  return (
    <div class="filters even" role="search">
      <TenantsField
        values={state.tenants}
        onChange={(tenants) => {
          set({ tenants });
        }}
      />
      <Choice
        label="State"
        value={state.state}
        options={stateOptions}
        onChange={(chosen) => {
          set({ state: chosen });
        }}
      />
      <Choice
        label="Severity"
        value={state.severity}
        options={severityOptions}
        onChange={(severity) => {
          set({ severity });
        }}
      />
      <WatchChoice
        value={state.watch}
        onChange={(watch) => {
          set({ watch });
        }}
      />
    </div>
  );
}

const stateOptions = [
  { value: '', text: 'Any' },
  { value: 'new', text: stateTexts.new.text },
  { value: 'seen', text: stateTexts.seen.text },
  { value: 'closed', text: stateTexts.closed.text },
] as const;

const severityOptions = [
  { value: '', text: 'Any' },
  ...severities.slice(1).map((value) => ({ value, text: orHigher(value) })),
] as const;

function orHigher(severity: Finding['severity']): string {
  const { text: name } = severityTexts[severity];
  return severity === 'critical' ? name : `${name} or higher`;
}

const columns: readonly Column<Finding>[] = [
  {
    id: 'severity',
    title: 'Severity',
    width: '8.5rem',
    render: ({ severity }) => (
      <Badge tone={severityTexts[severity].tone}>{severityTexts[severity].text}</Badge>
    ),
  },
  {
    id: 'finding',
    title: 'Finding',
    width: 'minmax(11rem, 3fr)',
    render: (finding) => (
      <span class="two-lines">
        <a href={findingAddress(finding)}>
          <Text most={120}>{finding.rule.title}</Text>
        </a>
        <span class="fine" title={finding.sentence}>
          <Text most={200}>{finding.sentence}</Text>
        </span>
      </span>
    ),
  },
  {
    id: 'tenant',
    title: 'Tenant',
    width: 'minmax(6rem, 1fr)',
    isExtra: true,
    render: ({ tenantDisplayName }) => (
      <span>
        <Text most={80}>{tenantDisplayName}</Text>
      </span>
    ),
  },
  {
    id: 'found',
    title: 'Found',
    width: '13rem',
    isExtra: true,
    render: ({ createdDateTime }) => <Moment at={createdDateTime} />,
  },
  {
    id: 'records',
    title: 'Records',
    width: '7.5rem',
    isExtra: true,
    render: ({ count, countIsExact }) => `${countIsExact ? '' : 'about '}${count.toLocaleString('en')}`,
  },
  {
    id: 'state',
    title: 'State',
    width: '7rem',
    isExtra: true,
    render: ({ state }) => <Badge tone={stateTexts[state].tone}>{stateTexts[state].text}</Badge>,
  },
];

import { useMemo } from 'preact/hooks';
import type { AnswerTo } from '../api/paths.ts';
import { Badge } from '../parts/badge.tsx';
import type { Tone } from '../parts/tone.ts';
import type { Column } from '../parts/data-table.tsx';
import { Choice, Field } from '../parts/field.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Moment } from '../parts/moment.tsx';
import { PagedTable } from '../parts/paged-table.tsx';
import { Text } from '../parts/text.tsx';
import type { Tenant } from '../tenants/overview-tab.tsx';
import { oneOf, text } from '../url/codecs.ts';
import { useUrlState } from '../url/use-url-state.ts';
import { given } from '../api/given.ts';
import { useLedger } from './queries.ts';

type Entry = AnswerTo<'ListLedgerEntries'>['value'][number];

const states: Readonly<Record<Entry['state'], { readonly tone: Tone; readonly text: string }>> = {
  pending: { tone: 'busy', text: 'Pending' },
  retrying: { tone: 'warning', text: 'Retrying' },
  landed: { tone: 'good', text: 'Landed' },
  gone: { tone: 'bad', text: 'Gone' },
  rejected: { tone: 'bad', text: 'Rejected' },
};

const choices = ['', 'pending', 'retrying', 'landed', 'gone', 'rejected'] as const;

const schema = {
  state: oneOf(choices, ''),
  type: text(),
  from: text(),
  to: text(),
} as const;

/** Every content blob that Microsoft listed. */
export function LedgerTab({ tenant }: { readonly tenant: Tenant }) {
  const [{ state, type, from, to }, change] = useUrlState(schema);
  const filters = useMemo(() => given({ state, contentType: type, from, to }), [state, type, from, to]);
  const ledger = useLedger(tenant.tenantId, filters);
  return (
    <>
      <div class="filters even" role="search">
        <Choice
          label="State"
          value={state}
          options={choices.map((value) => ({ value, text: value === '' ? 'Any' : states[value].text }))}
          onChange={(next) => {
            change({ state: next }, { push: true });
          }}
        />
        <Choice
          label="Content type"
          value={type}
          options={['', ...tenant.contentTypes].map((value) => ({
            value,
            text: value === '' ? 'Any' : value,
          }))}
          onChange={(next) => {
            change({ type: next }, { push: true });
          }}
        />
        <Field
          label="Published from (UTC)"
          type="date"
          value={from}
          onInput={(next) => {
            change({ from: next });
          }}
        />
        <Field
          label="Published before (UTC)"
          type="date"
          value={to}
          onInput={(next) => {
            change({ to: next });
          }}
        />
      </div>
      <Loaded query={ledger} what="ledger">
        {(rows) => (
          <PagedTable
            label="Ledger"
            noun="content blobs, oldest first"
            none="No content blob fits these filters"
            pages={ledger}
            rows={rows}
            columns={columns}
            keyOf={({ contentType, contentId }) => `${contentType} ${contentId}`}
          />
        )}
      </Loaded>
    </>
  );
}

const columns: readonly Column<Entry>[] = [
  {
    id: 'published',
    title: 'Published',
    width: 'minmax(13rem, 1fr)',
    render: ({ contentCreatedDateTime }) => <Moment at={contentCreatedDateTime} />,
  },
  {
    id: 'state',
    title: 'State',
    width: '7.5rem',
    render: ({ state }) => <Badge tone={states[state].tone}>{states[state].text}</Badge>,
  },
  {
    id: 'type',
    title: 'Content type',
    width: 'minmax(8rem, 1fr)',
    isExtra: true,
    render: ({ contentType }) => <span>{contentType}</span>,
  },
  {
    id: 'records',
    title: 'Records',
    width: '5.5rem',
    isExtra: true,
    render: ({ records }) => records?.toLocaleString('en') ?? '',
  },
  {
    id: 'attempts',
    title: 'Attempts',
    width: '5.5rem',
    isExtra: true,
    render: ({ attempts }) => attempts,
  },
  {
    id: 'why',
    title: 'Code, or SHA-256',
    width: 'minmax(8rem, 1.5fr)',
    isExtra: true,
    render: ({ code, sha256 = '' }) => (
      <span>
        <Text most={80}>{code ?? sha256}</Text>
      </span>
    ),
  },
];

import { useMemo, useState } from 'preact/hooks';
import { given } from '../api/given.ts';
import type { AnswerTo } from '../api/paths.ts';
import { Badge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import type { Column } from '../parts/data-table.tsx';
import { Field } from '../parts/field.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Moment } from '../parts/moment.tsx';
import { PagedTable } from '../parts/paged-table.tsx';
import { Text } from '../parts/text.tsx';
import type { Tone } from '../parts/tone.ts';
import { text, type StateOf } from '../url/codecs.ts';
import { useUrlState } from '../url/use-url-state.ts';
import { useAccessLog } from './queries.ts';

type Entry = AnswerTo<'ListAccessLog'>['value'][number];

const schema = { tenant: text(), caller: text(), from: text(), to: text() } as const;
type Filters = StateOf<typeof schema>;

/** Who called what, newest first. */
export function LogTab() {
  const [{ tenant, caller, from, to }, change] = useUrlState(schema);
  const filters = useMemo(() => given({ tenant, caller, from, to }), [tenant, caller, from, to]);
  const log = useAccessLog(filters);
  return (
    <>
      <FiltersForm
        key={JSON.stringify(filters)}
        given={{ tenant, caller, from, to }}
        onSubmit={(changed) => {
          change(changed, { push: true });
        }}
      />
      <Loaded query={log} what="access log">
        {(rows) => (
          <PagedTable
            label="Access log"
            noun="calls, newest first"
            none="No call fits these filters"
            pages={log}
            rows={rows}
            columns={columns}
            keyOf={({ requestId, tenantId = '' }) => `${requestId} ${tenantId}`}
          />
        )}
      </Loaded>
    </>
  );
}

interface FiltersFormProps {
  readonly given: Filters;
  readonly onSubmit: (filters: Filters) => void;
}

/** Applied as a whole, because half of an ID is not found. */
function FiltersForm({ given: before, onSubmit }: FiltersFormProps) {
  const [draft, setDraft] = useState(before);
  const set = (name: keyof Filters) => (value: string) => {
    setDraft({ ...draft, [name]: value });
  };
  return (
    <form
      class="filters even"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(draft);
      }}
    >
      <Field label="Tenant" value={draft.tenant} placeholder="ID or domain" onInput={set('tenant')} />
      <Field label="Caller" value={draft.caller} placeholder="ID of a key" onInput={set('caller')} />
      <Field label="From (UTC)" type="date" value={draft.from} onInput={set('from')} />
      <Field label="Before (UTC)" type="date" value={draft.to} onInput={set('to')} />
      <div class="field-button">
        <Button type="submit">Show</Button>
      </div>
    </form>
  );
}

const tones: Readonly<Record<Entry['outcome'], Tone>> = {
  accepted: 'good',
  refused: 'warning',
  failed: 'bad',
};
const outcomes: Readonly<Record<Entry['outcome'], string>> = {
  accepted: 'Accepted',
  refused: 'Refused',
  failed: 'Failed',
};

const columns: readonly Column<Entry>[] = [
  {
    id: 'at',
    title: 'Time',
    width: '15rem',
    render: ({ createdDateTime }) => <Moment at={createdDateTime} />,
  },
  {
    id: 'outcome',
    title: 'Outcome',
    width: '7.5rem',
    render: ({ outcome }) => <Badge tone={tones[outcome]}>{outcomes[outcome]}</Badge>,
  },
  {
    id: 'action',
    title: 'Call',
    width: 'minmax(9rem, 1fr)',
    isExtra: true,
    render: ({ action, code, count }) => (
      <span class="two-lines">
        <Text most={80}>{action}</Text>
        <span class="fine">
          {code ?? ''}
          {count === undefined ? '' : ` ${count} times within a minute`}
        </span>
      </span>
    ),
  },
  {
    id: 'caller',
    title: 'Caller',
    width: 'minmax(8rem, 1fr)',
    isExtra: true,
    render: ({ caller, clientAddress = '' }) => (
      <span>
        <Text most={128}>{caller ?? `Unknown, from ${clientAddress}`}</Text>
      </span>
    ),
  },
  {
    id: 'tenant',
    title: 'Tenant',
    width: 'minmax(8rem, 1fr)',
    isExtra: true,
    render: ({ tenantId = '' }) => <span title={tenantId}>{tenantId}</span>,
  },
  {
    id: 'parameters',
    title: 'Parameters',
    width: 'minmax(6rem, 1fr)',
    isExtra: true,
    render: ({ parameters }) => <span>{parameters.join(', ')}</span>,
  },
];

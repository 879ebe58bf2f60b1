import { useState } from 'preact/hooks';
import { toApiError } from '../api/api-error.ts';
import type { AnswerTo } from '../api/paths.ts';
import { Button } from '../parts/button.tsx';
import { DataTable, type Column } from '../parts/data-table.tsx';
import { Message } from '../parts/message.tsx';
import { Moment } from '../parts/moment.tsx';
import { Failure, Partial } from '../parts/states.tsx';
import { Text } from '../parts/text.tsx';
import { useAction } from '../parts/use-action.ts';
import { TenantsField } from '../search/tenants-field.tsx';
import { useRefusal } from '../session/use-permissions.ts';
import { announce } from '../shell/announcer.tsx';
import { dryRun, dryRunDays } from './queries.ts';
import type { RuleSource } from './watch-texts.ts';

type Result = AnswerTo<'DryRunRules'>;
type OfTenant = Result['value'][number];

interface DryRunProps {
  /** Undefined while something is missing. */
  readonly source: RuleSource | undefined;
  /** Of the watch: it is tried in these at first. */
  readonly tenants: readonly string[];
}

/** What rules would have found in the last days. Nothing is stored. */
export function DryRun({ source, tenants }: DryRunProps) {
  const [chosen, setChosen] = useState<readonly string[]>();
  const refusal = useRefusal('DryRunRules');
  const run = useAction({
    run: () => dryRun(source ?? {}, chosen ?? tenants),
    onSuccess: (result) => {
      announce(summaryOf(result));
    },
  });
  return (
    <>
      <p>
        Says what the rules would have found in the last {dryRunDays} days, in at most 50 tenants. Nothing is
        stored, and no one is notified.
      </p>
      <TenantsField label="Tenants to try it in" values={chosen ?? tenants} onChange={setChosen} />
      {run.error !== null && <Failure error={toApiError(run.error)} what="The dry run was refused" />}
      <div class="actions">
        <Button
          isBusy={run.isPending}
          refusal={refusal ?? (source === undefined ? 'Choose or write rules first.' : undefined)}
          onClick={() => {
            run.mutate();
          }}
        >
          {run.isPending ? 'Reading records, for a minute at most…' : 'Start the dry run'}
        </Button>
      </div>
      {run.data !== undefined && <Found result={run.data} />}
    </>
  );
}

function summaryOf({ value }: Result): string {
  const findings = value.reduce((sum, one) => sum + one.findings, 0);
  const matches = value.reduce((sum, one) => sum + one.matches, 0);
  const read = value.reduce((sum, one) => sum + one.recordsRead, 0);
  const of = (count: number, noun: string) =>
    `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
  return `There would have been ${of(findings, 'finding')}: ${matches.toLocaleString('en')} of ${of(read, 'record')} match.`;
}

function Found({ result }: { readonly result: Result }) {
  const { value, fromDateTime, failedRules } = result;
  const partly = value.filter(({ readFromDateTime }) => readFromDateTime > fromDateTime).length;
  return (
    <div class="stack">
      <p>
        <strong>{summaryOf(result)}</strong>
      </p>
      {partly > 0 && (
        <Partial>
          <p>
            Of {partly} of {value.length} tenants, only the newest records were read: there were too many, or
            the minute was over. The table says how far back each was read.
          </p>
        </Partial>
      )}
      {failedRules.map(({ id, cause }) => (
        <Message key={id} tone="bad" title="A rule cannot be evaluated">
          <p>
            <Text>{id}</Text>: <Text>{cause}</Text>
          </p>
        </Message>
      ))}
      {value.length > 0 && (
        <DataTable
          label="What it would have found"
          columns={columns}
          rows={value}
          keyOf={({ tenantId }) => tenantId}
          rowHeight={52}
        />
      )}
    </div>
  );
}

const columns: readonly Column<OfTenant>[] = [
  {
    id: 'tenant',
    title: 'Tenant',
    width: 'minmax(8rem, 1fr)',
    render: ({ tenantDisplayName }) => (
      <span>
        <Text most={80}>{tenantDisplayName}</Text>
      </span>
    ),
  },
  {
    id: 'findings',
    title: 'Findings',
    width: '6rem',
    render: ({ findings }) => findings.toLocaleString('en'),
  },
  {
    id: 'rules',
    title: 'By rule',
    width: 'minmax(12rem, 2fr)',
    isExtra: true,
    render: ({ rules }) => <span title={rulesOf(rules)}>{rulesOf(rules)}</span>,
  },
  {
    id: 'read',
    title: 'Records read',
    width: '8rem',
    isExtra: true,
    render: ({ recordsRead }) => recordsRead.toLocaleString('en'),
  },
  {
    id: 'back',
    title: 'Back to',
    width: '13rem',
    isExtra: true,
    render: ({ readFromDateTime }) => <Moment at={readFromDateTime} />,
  },
];

function rulesOf(rules: OfTenant['rules']): string {
  return rules.length === 0 ? '–' : rules.map(({ title, findings }) => `${title}: ${findings}`).join('; ');
}

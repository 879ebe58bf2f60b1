import { Badge } from '../parts/badge.tsx';
import type { Column } from '../parts/data-table.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { PagedTable } from '../parts/paged-table.tsx';
import { Section } from '../parts/section.tsx';
import { Text } from '../parts/text.tsx';
import { countText } from './numbers.ts';
import { isRunning, useReportSetTenants } from './queries.ts';
import {
  latestOfEach,
  nameOf,
  reasonsIn,
  tenantStatusText,
  type ReportSet,
  type ReportSetTenant,
} from './set-texts.ts';

/** What became of each tenant, with the link to its report. */
export function SetTenants({ set: { id, status } }: { readonly set: ReportSet }) {
  const tenants = useReportSetTenants(id);
  return (
    <Loaded query={tenants} what="tenants of the reports">
      {(found) => {
        const rows = latestOfEach(found);
        return (
          <>
            <Reasons rows={rows} isOpen={isRunning(status)} />
            <h2 class="report-list-title">Tenants</h2>
            <PagedTable
              label="Tenants"
              noun="tenants, the worst first"
              none="There are no tenants that you see in these reports"
              pages={tenants}
              rows={rows}
              columns={columns}
              keyOf={({ tenantId }) => tenantId}
            />
          </>
        );
      }}
    </Loaded>
  );
}

interface ReasonsProps {
  readonly rows: readonly ReportSetTenant[];
  /** Some may still get theirs. */
  readonly isOpen: boolean;
}

function Reasons({ rows, isOpen }: ReasonsProps) {
  const reasons = reasonsIn(rows);
  if (reasons.length === 0) return null;
  return (
    <Section title={isOpen ? 'Why some have no report yet' : 'Why some have no report'}>
      <ul class="rows">
        {reasons.map(({ tone, text, why, names }) => (
          <li key={`${text}/${why}`}>
            <div>
              <Text most={500}>{why}</Text>
              <p class="fine">
                <Text most={200}>{names.join(', ')}</Text>
              </p>
            </div>
            <Badge tone={tone}>
              {text}: {countText(names.length)}
            </Badge>
          </li>
        ))}
      </ul>
    </Section>
  );
}

const columns: readonly Column<ReportSetTenant>[] = [
  {
    id: 'tenant',
    title: 'Tenant',
    width: 'minmax(9rem, 2fr)',
    render: (row, { tabIndex }) =>
      row.reportId === undefined ? (
        <Text>{nameOf(row)}</Text>
      ) : (
        <a href={`/console/reports/${row.tenantId}/${row.reportId}`} tabIndex={tabIndex}>
          <Text>{nameOf(row)}</Text>
        </a>
      ),
  },
  {
    id: 'status',
    title: 'Report',
    width: 'minmax(8rem, 1fr)',
    render: ({ status }) => {
      const { tone, text } = tenantStatusText(status);
      return <Badge tone={tone}>{text}</Badge>;
    },
  },
  {
    id: 'records',
    title: 'Records read',
    width: 'minmax(8rem, 1fr)',
    render: ({ recordCount }) => (recordCount === undefined ? '' : countText(recordCount)),
    isExtra: true,
  },
];

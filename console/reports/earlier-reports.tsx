import { Badge } from '../parts/badge.tsx';
import { DataTable, type Column } from '../parts/data-table.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Empty } from '../parts/states.tsx';
import { rangeColumn, requestedColumn, rowHeight } from './earlier-columns.tsx';
import { useReports, type ReportView } from './queries.ts';
import { statusText } from './status-text.ts';

/** Reports about a tenant that there are, the newest first. */
export function EarlierReports({ tenantId }: { readonly tenantId: string }) {
  const reports = useReports(tenantId);
  return (
    <>
      <h2 class="report-list-title">Earlier reports</h2>
      <Loaded query={reports} what="reports">
        {(found) =>
          found.length === 0 ? (
            <Empty icon="report" title="There are no reports about this tenant">
              <p>A report is deleted seven days after it was computed.</p>
            </Empty>
          ) : (
            <>
              <p class="fine">
                {found.length === 1 ? '1 report' : `${found.length} reports`}, the newest first; at most 100
                are listed. A report is deleted seven days after it was computed.
              </p>
              <DataTable
                label="Earlier reports"
                columns={columns}
                rows={found}
                keyOf={({ id }) => id}
                rowHeight={rowHeight}
              />
            </>
          )
        }
      </Loaded>
    </>
  );
}

const columns: readonly Column<ReportView>[] = [
  {
    id: 'report',
    title: 'Report',
    width: 'minmax(12rem, 2fr)',
    render: ({ tenantId, id, title, kind }, { tabIndex }) => (
      <a href={`/console/reports/${tenantId}/${id}`} tabIndex={tabIndex}>
        {title ?? kind}
      </a>
    ),
  },
  rangeColumn,
  {
    id: 'status',
    title: 'Status',
    width: 'minmax(8rem, 1fr)',
    render: (report) => {
      const { tone, text } = statusText(report);
      return <Badge tone={tone}>{text}</Badge>;
    },
  },
  requestedColumn,
];

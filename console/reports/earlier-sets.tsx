import { useMemo } from 'preact/hooks';
import { bounded } from '../parts/bounded.ts';
import { Badge } from '../parts/badge.tsx';
import type { Column } from '../parts/data-table.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { PagedTable } from '../parts/paged-table.tsx';
import { Text } from '../parts/text.tsx';
import { rangeColumn, requestedColumn, rowHeight } from './earlier-columns.tsx';
import { useReportSets } from './queries.ts';
import { setStatusText, type ReportSet } from './set-texts.ts';
import type { Tenants } from './tenant-choice.tsx';
import { setText } from './tenant-sets.ts';

/** Of the names of tenants; the page of the reports has them all. */
const shownCharacters = 120;

/** Reports on several tenants that there are, the newest first. */
export function EarlierSets({ tenants }: { readonly tenants: Tenants }) {
  const sets = useReportSets();
  const columns = useMemo(() => columnsFor(tenants), [tenants]);
  return (
    <>
      <h2 class="report-list-title">Earlier reports on several tenants</h2>
      <p class="fine">
        Those of everyone who sees the same tenants, the newest first. They are deleted seven days after they
        were computed.
      </p>
      <Loaded query={sets} what="reports on several tenants">
        {(found) => (
          <PagedTable
            label="Earlier reports on several tenants"
            noun="reports on several tenants"
            none="There are no reports on several tenants"
            pages={sets}
            rows={found}
            columns={columns}
            keyOf={({ id }) => id}
            rowHeight={rowHeight}
          />
        )}
      </Loaded>
    </>
  );
}

function columnsFor(tenants: Tenants): readonly Column<ReportSet>[] {
  return [
    {
      id: 'report',
      title: 'Report',
      width: 'minmax(10rem, 2fr)',
      render: ({ id, title, kind, tenants: set }, { tabIndex }) => (
        <span class="two-lines">
          <a href={`/console/reports/sets/${id}`} tabIndex={tabIndex}>
            {title ?? kind}
          </a>
          <span class="fine">
            <Text>{bounded(setText(set, tenants), shownCharacters)}</Text>
          </span>
        </span>
      ),
    },
    rangeColumn,
    {
      id: 'status',
      title: 'Status',
      width: 'minmax(8rem, 1.2fr)',
      render: (one) => {
        const { tone, text } = setStatusText(one);
        return <Badge tone={tone}>{text}</Badge>;
      },
    },
    requestedColumn,
  ];
}

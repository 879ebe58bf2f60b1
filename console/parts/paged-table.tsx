import type { Pages } from '../api/pages.ts';
import { Button } from './button.tsx';
import { DataTable, type Column } from './data-table.tsx';
import { Empty } from './states.tsx';

interface PagedTableProps<Row> {
  readonly label: string;
  /** "entries": completes "All 20 …" and "The first 20 …". */
  readonly noun: string;
  readonly pages: Pages<Row>;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  /** In pixels. */
  readonly rowHeight?: number;
  /** Title where there are none. */
  readonly none: string;
}

/** A table of a list in pages, which says whether it is all of them. */
export function PagedTable<Row>({ noun, pages, none, rowHeight = 52, ...table }: PagedTableProps<Row>) {
  const { rows } = table;
  const { hasMore } = pages;
  return (
    <>
      {rows.length === 0 && !hasMore && <Empty title={none} />}
      {(rows.length > 0 || hasMore) && (
        <div class="table-foot">
          <p class="fine" role="status">
            {hasMore ? `The first ${rows.length} ${noun}; there may be more.` : `All ${rows.length} ${noun}.`}
          </p>
          {hasMore && (
            <Button isBusy={pages.isAsking} onClick={pages.more}>
              {pages.isAsking ? 'Loading…' : 'Load more'}
            </Button>
          )}
        </div>
      )}
      {rows.length > 0 && <DataTable {...table} rowHeight={rowHeight} total={hasMore ? -1 : rows.length} />}
    </>
  );
}

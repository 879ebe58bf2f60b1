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
  /** Title where there are none. */
  readonly none: string;
}

/** A table of a list in pages, which says whether it is all of them. */
export function PagedTable<Row>({ label, noun, pages, rows, columns, keyOf, none }: PagedTableProps<Row>) {
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
      {rows.length > 0 && (
        <DataTable {...{ label, columns, rows, keyOf, rowHeight: 52 }} total={hasMore ? -1 : rows.length} />
      )}
    </>
  );
}

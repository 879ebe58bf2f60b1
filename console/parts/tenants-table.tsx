import { DataTable, type Column } from './data-table.tsx';
import { Empty } from './states.tsx';

interface TenantsTableProps<Row, SortBy extends string> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  /** Those that pass the filters, in their order. */
  readonly rows: readonly Row[];
  /** Of all, also those that do not pass. */
  readonly total: number;
  readonly sortings: readonly SortBy[];
  readonly state: { readonly sort: SortBy; readonly desc: boolean };
  readonly onSort: (sorting: { sort: SortBy; desc: boolean }) => void;
  readonly onShowAll: () => void;
}

/** A row for each tenant that passes the filters of a page, and how many that are. */
export function TenantsTable<Row extends { readonly tenantId: string }, SortBy extends string>({
  rows,
  total,
  sortings,
  state,
  onSort,
  onShowAll,
  ...table
}: TenantsTableProps<Row, SortBy>) {
  return (
    <>
      <p class="fine" role="status">
        {rows.length === total ? `${total} tenants` : `${rows.length} of ${total} tenants`}
      </p>
      {rows.length === 0 ? (
        <Empty icon="search" title="No tenant fits these filters">
          <button class="link" type="button" onClick={onShowAll}>
            Show all
          </button>
        </Empty>
      ) : (
        <DataTable
          {...table}
          rows={rows}
          keyOf={({ tenantId }) => tenantId}
          rowHeight={52}
          sorting={{ by: state.sort, isDescending: state.desc }}
          onSort={({ by, isDescending }) => {
            const sort = sortings.find((one) => one === by);
            if (sort !== undefined) onSort({ sort, desc: isDescending });
          }}
        />
      )}
    </>
  );
}

import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { Icon } from './icon.tsx';
import { useGrid, type CellContext } from './use-grid.ts';

export interface Column<Row> {
  /** Unique in the table; also the name in {@link Sorting}. */
  readonly id: string;
  readonly title: string;
  /** As a track of a CSS grid: `minmax(12rem, 2fr)`. */
  readonly width: string;
  readonly render: (row: Row, cell: CellContext) => ComponentChildren;
  readonly isSortable?: boolean;
  /** Left out on narrow screens; what it says must be in the row's own page as well. */
  readonly isExtra?: boolean;
}

export interface Sorting {
  readonly by: string;
  readonly isDescending: boolean;
}

interface DataTableProps<Row> {
  /** What the rows are: "Tenants". */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly sorting?: Sorting;
  readonly onSort?: (sorting: Sorting) => void;
  /** In pixels. */
  readonly rowHeight?: number;
  /** Of all rows, also those that are not loaded; by default as many as `rows`. Undefined rows are unknown: -1. */
  readonly total?: number;
}

/**
 * A table of any length: only rows in sight exist, and assistive technology knows the number of all. One stop of the
 * tab key; arrows, Home, End, PageUp, and PageDown move in it, and Enter follows the link of a cell.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, keyOf, rowHeight = 44, total = rows.length } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const size = { rows: rows.length, columns: columns.length, rowHeight };
  const { virtual, stop, onKeyDown, onFocusIn } = useGrid(scroller, size);
  return (
    <div
      {...{ ref: scroller, class: 'table', role: 'grid', 'aria-label': label, onKeyDown, onFocusIn }}
      aria-rowcount={total < 0 ? -1 : total + 1}
      aria-colcount={columns.length}
      style={{
        '--columns': tracks(columns),
        '--columns-narrow': tracks(columns.filter(({ isExtra }) => isExtra !== true)),
      }}
    >
      <Head {...props} stop={stop} />
      <div class="table-body" role="rowgroup" style={{ height: `${virtual.height}px` }}>
        {virtual.rows.map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return undefined;
          return (
            <div
              {...{ key: keyOf(row), class: 'table-row', role: 'row', 'aria-rowindex': index + 2 }}
              style={{ height: `${rowHeight}px`, transform: `translateY(${start}px)` }}
            >
              {columns.map((column, at) => (
                <BodyCell
                  key={column.id}
                  {...{ column, row, at }}
                  index={index + 1}
                  stop={stop(index + 1, at)}
                />
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface BodyCellProps<Row> {
  readonly column: Column<Row>;
  readonly row: Row;
  readonly at: number;
  readonly index: number;
  readonly stop: CellContext;
}

function BodyCell<Row>({ column, row, at, index, stop }: BodyCellProps<Row>) {
  return (
    <div
      {...{
        class: column.isExtra === true ? 'cell extra' : 'cell',
        role: 'gridcell',
        'aria-colindex': at + 1,
      }}
      tabIndex={stop.tabIndex}
      data-cell={`${index}/${at}`}
    >
      {column.render(row, stop)}
    </div>
  );
}

interface HeadProps<Row> extends DataTableProps<Row> {
  readonly stop: (row: number, column: number) => CellContext;
}

function Head<Row>({ columns, sorting, onSort, stop }: HeadProps<Row>) {
  return (
    <div class="table-head" role="rowgroup">
      <div class="table-row" role="row" aria-rowindex={1}>
        {columns.map(({ id, title, isSortable, isExtra }, at) => {
          const isBy = sorting?.by === id;
          const direction = sorting?.isDescending === true ? 'descending' : 'ascending';
          return (
            <div
              {...{ key: id, class: isExtra === true ? 'cell extra' : 'cell', role: 'columnheader' }}
              aria-colindex={at + 1}
              aria-sort={isBy ? direction : undefined}
              tabIndex={stop(0, at).tabIndex}
              data-cell={`0/${at}`}
            >
              {isSortable === true ? (
                <button
                  type="button"
                  tabIndex={stop(0, at).tabIndex}
                  onClick={() => onSort?.({ by: id, isDescending: isBy && !sorting.isDescending })}
                >
                  {title}
                  {isBy && <Icon name={sorting.isDescending ? 'sortDown' : 'sortUp'} />}
                </button>
              ) : (
                title
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function tracks<Row>(columns: readonly Column<Row>[]): string {
  return columns.map(({ width }) => width).join(' ');
}

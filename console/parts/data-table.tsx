import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icon.tsx';
import { useCellStop, useGrid, type CellContext } from './use-grid.ts';

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
  readonly isSelected?: (row: Row) => boolean;
  /** A click on a row, or Enter in one of its cells that has no link or button. */
  readonly onOpen?: (row: Row) => void;
  /** The last of the rows is near: more may be loaded. It may be called again and again. */
  readonly onEnd?: () => void;
}

/**
 * A table of any length: only rows in sight exist, and assistive technology knows the number of all. One stop of the
 * tab key; arrows, Home, End, PageUp, and PageDown move in it, and Enter follows the link of a cell.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, keyOf, rowHeight = 44, total = rows.length, onOpen, onEnd } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const size = { rows: rows.length, columns: columns.length, rowHeight };
  const { virtual, stop, onKeyDown, onFocusIn } = useGrid(scroller, size);
  useEffect(() => {
    if (virtual.lastInSight >= rows.length - rowsAhead) onEnd?.();
  });
  return (
    <div
      {...{ ref: scroller, class: 'table', role: 'grid', 'aria-label': label, onFocusIn }}
      onKeyDown={(event) => {
        const row = event.key === 'Enter' ? rowOf(rows, event.target) : undefined;
        if (row === undefined) onKeyDown(event);
        else onOpen?.(row);
      }}
      onClick={({ target }) => {
        const row = isControl(target) ? undefined : rows[rowAt(target)];
        if (row !== undefined) onOpen?.(row);
      }}
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
              aria-selected={props.isSelected?.(row)}
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

/** Rows after the last one in sight with which it is not yet near the end. */
const rowsAhead = 20;

/** The row of a cell that has the focus itself, and not a link in it. */
function rowOf<Row>(rows: readonly Row[], target: EventTarget | null): Row | undefined {
  return target instanceof HTMLElement && target.dataset['cell'] !== undefined
    ? rows[rowAt(target)]
    : undefined;
}

/** -1: in the header, or in no row. */
function rowAt(target: EventTarget | null): number {
  const cell = target instanceof Element ? target.closest<HTMLElement>('[data-cell]') : null;
  return Number(cell?.dataset['cell']?.split('/')[0] ?? 0) - 1;
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('a, button, input') !== null;
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
        ref: useCellStop(stop),
      }}
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
        {columns.map((column, at) => (
          <HeadCell key={column.id} {...{ column, at, sorting, onSort }} stop={stop(0, at)} />
        ))}
      </div>
    </div>
  );
}

interface HeadCellProps<Row> {
  readonly column: Column<Row>;
  readonly at: number;
  readonly stop: CellContext;
  readonly sorting: Sorting | undefined;
  readonly onSort: ((sorting: Sorting) => void) | undefined;
}

function HeadCell<Row>({ column, at, stop, sorting, onSort }: HeadCellProps<Row>) {
  const { id, title, isSortable, isExtra } = column;
  const isBy = sorting?.by === id;
  const isDescending = isBy && sorting.isDescending;
  return (
    <div
      {...{ class: isExtra === true ? 'cell extra' : 'cell', role: 'columnheader', ref: useCellStop(stop) }}
      aria-colindex={at + 1}
      aria-sort={isBy ? (isDescending ? 'descending' : 'ascending') : undefined}
      data-cell={`0/${at}`}
    >
      {isSortable === true ? (
        <button
          type="button"
          tabIndex={stop.tabIndex}
          onClick={() => onSort?.({ by: id, isDescending: isBy && !isDescending })}
        >
          {title}
          {isBy && <Icon name={isDescending ? 'sortDown' : 'sortUp'} />}
        </button>
      ) : (
        title
      )}
    </div>
  );
}

function tracks<Row>(columns: readonly Column<Row>[]): string {
  return columns.map(({ width }) => width).join(' ');
}

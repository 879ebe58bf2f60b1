import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { moved, type Cell } from './grid-keys.ts';
import { useVirtualRows, type VirtualRows } from './use-virtual-rows.ts';

/** What cells are given for their links and buttons: only those of the active cell are in the order of the tab key. */
export interface CellContext {
  readonly tabIndex: 0 | -1;
}

interface Size {
  /** Without the header. */
  readonly rows: number;
  readonly columns: number;
  /** In pixels. */
  readonly rowHeight: number;
}

interface Grid {
  readonly virtual: VirtualRows;
  /** @param row 0 is the header */
  readonly stop: (row: number, column: number) => CellContext;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocusIn: (event: FocusEvent) => void;
}

/** The rows of a grid that exist, and its one active cell, which keys move. Cells have `data-cell`: `row/column`. */
export function useGrid(scroller: RefObject<HTMLDivElement>, { rows, columns, rowHeight }: Size): Grid {
  const [active, setActive] = useState<Cell>({ row: Math.min(1, rows), column: 0 });
  const [isMoved, setMoved] = useState(false);
  const virtual = useVirtualRows(scroller, { count: rows, rowHeight, active: Math.max(active.row - 1, 0) });
  useLayoutEffect(() => {
    if (!isMoved) return;
    setMoved(false);
    focusCell(scroller.current, active);
  }, [isMoved, active]);
  return {
    virtual,
    stop: (row, column) => ({ tabIndex: active.row === row && active.column === column ? 0 : -1 }),
    onKeyDown: (event) => {
      const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
      const isControl = event.ctrlKey || event.metaKey;
      const to = moved(active, event.key, isControl, { rows: rows + 1, columns, page });
      if (to === undefined) return;
      event.preventDefault();
      if (to.row > 0) virtual.show(to.row - 1);
      setActive(to);
      setMoved(true);
    },
    onFocusIn: ({ target }) => {
      const cell = cellOf(target);
      if (cell !== undefined) setActive(cell);
    },
  };
}

/** For a cell: it is in the order of the tab key if it is the active one, unless its link or button is there instead. */
export function useCellStop({ tabIndex }: CellContext): RefObject<HTMLDivElement> {
  const cell = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (cell.current !== null) cell.current.tabIndex = controlIn(cell.current) === null ? tabIndex : -1;
  });
  return cell;
}

function controlIn(cell: HTMLElement): HTMLElement | null {
  return cell.querySelector<HTMLElement>('a, button, input');
}

/** The link or button of a cell has the focus in its place. */
function focusCell(grid: HTMLElement | null, { row, column }: Cell): void {
  const cell = grid?.querySelector<HTMLElement>(`[data-cell="${row}/${column}"]`);
  if (cell === null || cell === undefined) return;
  (controlIn(cell) ?? cell).focus({ preventScroll: row > 0 });
}

function cellOf(target: EventTarget | null): Cell | undefined {
  const text =
    target instanceof Element ? target.closest<HTMLElement>('[data-cell]')?.dataset['cell'] : undefined;
  const [row, column] = text?.split('/').map(Number) ?? [];
  return row === undefined || column === undefined ? undefined : { row, column };
}

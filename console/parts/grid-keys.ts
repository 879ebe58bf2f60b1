/** Where a key moves the focus in a grid. @see https://www.w3.org/WAI/ARIA/apg/patterns/grid/ */

/** A cell: row 0 is the header. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

interface Size {
  /** With the header. */
  readonly rows: number;
  readonly columns: number;
  /** Rows that PageUp and PageDown move by. */
  readonly page: number;
}

/** Undefined for keys that move nothing. */
export function moved(from: Cell, key: string, isControl: boolean, size: Size): Cell | undefined {
  const to = target(from, key, isControl, size);
  if (to === undefined) return undefined;
  const within = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
  return { row: within(to.row, size.rows), column: within(to.column, size.columns) };
}

function target({ row, column }: Cell, key: string, isControl: boolean, size: Size): Cell | undefined {
  const steps: Readonly<Record<string, Cell>> = {
    ArrowDown: { row: row + 1, column },
    ArrowUp: { row: row - 1, column },
    ArrowRight: { row, column: column + 1 },
    ArrowLeft: { row, column: column - 1 },
    PageDown: { row: row + size.page, column },
    PageUp: { row: row - size.page, column },
    Home: { row: isControl ? 0 : row, column: 0 },
    End: { row: isControl ? size.rows - 1 : row, column: size.columns - 1 },
  };
  return steps[key];
}

/** How reports are rendered: piece by piece, so that those of thousands of tenants need the memory of one. */
import type { Cell, Column, ReportGap, ReportHead, Table, TableHead, TenantReport } from '../document.ts';
import { visibleText } from '../../visible-text.ts';

/** A report whose tenants are read when their turn comes. */
export interface RenderedReport {
  readonly head: ReportHead;
  /** Those that its kind declares; the first one is the main one. */
  readonly tables: readonly [TableHead, ...TableHead[]];
  /** In order of ID; from the beginning whenever it is called. */
  readonly tenants: () => AsyncIterable<TenantReport>;
}

/** What a form lists of a table of a tenant. */
interface Listed {
  readonly rows: readonly (readonly Cell[])[];
  /** What belongs below the rows: a tenant whose rows are missing would look like one that has none. */
  readonly note: string | undefined;
}

/** The rows of a table with a cell for each of its columns, in which texts are visible, and a note when there are others, or there is no such table. */
export function listedOf({ sections, noReport }: TenantReport, { name, columns }: TableHead): Listed {
  const table = sections.flatMap(({ tables }) => tables).find((each) => each.name === name);
  if (table === undefined) return { rows: [], note: noReport ?? 'The report does not have this table.' };
  const { omitted } = table;
  return { rows: rowsIn(table, columns), note: omitted === 0 ? undefined : omittedNote(omitted) };
}

/** The cells in these columns, whichever the release had that wrote the table; one it lacked is `null`. */
function rowsIn({ columns: own, rows }: Table, columns: readonly Column[]): Listed['rows'] {
  const places = columns.map(({ name }) => own.findIndex((column) => column.name === name));
  return rows.map((row) => places.map((at) => visibleCell(row[at] ?? null)));
}

function visibleCell(cell: Cell): Cell {
  return typeof cell === 'string' ? visibleText(cell) : cell;
}

/** What a form shows in place of rows that are counted and not listed. */
export function omittedNote(omitted: number): string {
  return `${omitted} more ${omitted === 1 ? 'row is' : 'rows are'} counted, and not listed.`;
}

/** A gap in one line. */
export function gapText({ from, to, reason }: ReportGap): string {
  const range = [from === undefined ? '' : `from ${from}`, to === undefined ? '' : `before ${to}`];
  return `${range.filter(Boolean).join(' ')}: ${reason}`;
}

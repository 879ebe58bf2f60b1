/** How reports are rendered: piece by piece, so that those of thousands of tenants need the memory of one. */
import type { Cell, Column, ReportGap, ReportHead, Table, TableHead, TenantReport } from '../document.ts';

/** A report whose tenants are read when their turn comes. */
export interface RenderedReport {
  readonly head: ReportHead;
  /** Those that its kind declares; the first one is the main one. */
  readonly tables: readonly [TableHead, ...TableHead[]];
  /** In order of ID; from the beginning whenever it is called. */
  readonly tenants: () => AsyncIterable<TenantReport>;
}

/** The table of this name in a report, wherever it is; undefined if the report has none. */
export function tableIn({ sections }: TenantReport, name: string): Table | undefined {
  return sections.flatMap(({ tables }) => tables).find((table) => table.name === name);
}

/** The cells of the rows in these columns, whichever the release had that wrote the table; one it lacked is `null`. */
export function rowsIn(
  { columns: own, rows }: Table,
  columns: readonly Column[],
): readonly (readonly Cell[])[] {
  const places = columns.map(({ name }) => own.findIndex((column) => column.name === name));
  return rows.map((row) => places.map((at) => row[at] ?? null));
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

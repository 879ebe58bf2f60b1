/** One table of a report as CSV: each row says whose it is, and whether records may be missing there. */
import { csvLine } from '../../exports/csv-cells.ts';
import type { TableHead, TenantReport } from '../document.ts';
import { omittedNote, rowsIn, tableIn, type RenderedReport } from './report-form.ts';

/** Before the columns of the table. */
export const leadingColumns = ['tenantId', 'tenantDisplayName', 'isPartial'] as const;

export async function* renderCsv(
  { tenants }: Pick<RenderedReport, 'tenants'>,
  table: TableHead,
): AsyncGenerator<Buffer> {
  yield Buffer.from(csvLine([...leadingColumns, ...table.columns.map(({ name }) => name)]));
  for await (const tenant of tenants()) {
    const lines = linesOf(tenant, table);
    if (lines !== '') yield Buffer.from(lines);
  }
}

/** What is not listed has a line of its own: a file without it would look complete. */
function linesOf(report: TenantReport, { name, columns }: TableHead): string {
  const table = tableIn(report, name);
  if (table === undefined) return '';
  const leading = [report.tenantId, report.displayName, String(report.isPartial)];
  const lines = rowsIn(table, columns).map((row) =>
    csvLine([...leading, ...row.map((cell) => cell ?? undefined)]),
  );
  const rest = columns.slice(1).map(() => undefined);
  const note = table.omitted === 0 ? '' : csvLine([...leading, omittedNote(table.omitted), ...rest]);
  return lines.join('') + note;
}

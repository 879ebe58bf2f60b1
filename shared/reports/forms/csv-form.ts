/** One table of a report as CSV: each row says whose it is, and whether records may be missing there. */
import { csvLine } from '../../exports/csv-cells.ts';
import { visibleText } from '../../visible-text.ts';
import type { TableHead, TenantReport } from '../document.ts';
import { listedOf, type RenderedReport } from './report-form.ts';

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
function linesOf(report: TenantReport, table: TableHead): string {
  const { rows, note } = listedOf(report, table);
  const leading = [report.tenantId, visibleText(report.displayName), String(report.isPartial)];
  const lines = rows.map((row) => csvLine([...leading, ...row.map((cell) => cell ?? undefined)]));
  const rest = table.columns.slice(1).map(() => undefined);
  return lines.join('') + (note === undefined ? '' : csvLine([...leading, note, ...rest]));
}

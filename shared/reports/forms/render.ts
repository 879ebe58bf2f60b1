/** Renders reports by format. */
import { invalidParameter } from '../../errors.ts';
import type { TableHead } from '../document.ts';
import type { ReportFormat } from './formats.ts';
import { renderCsv } from './csv-form.ts';
import { renderHtml } from './html-form.ts';
import { renderJson } from './json-form.ts';
import type { RenderedReport } from './report-form.ts';
import { renderXlsx } from './xlsx-form.ts';

export interface WantedForm {
  readonly format: ReportFormat;
  /** Of CSV: name of the table. Absent: the main one. */
  readonly table?: string | undefined;
}

/** @throws RequestError 400 for a table that the kind does not have, and for one of another format than CSV */
export function renderReport(report: RenderedReport, { format, table }: WantedForm): AsyncIterable<Buffer> {
  if (table !== undefined && format !== 'csv')
    throw invalidParameter('table', "'table' is for format=csv; other formats have all tables.");
  if (format === 'csv') return renderCsv(report, tableNamed(report, table));
  if (format === 'xlsx') return renderXlsx(report);
  return format === 'html' ? renderHtml(report) : renderJson(report);
}

function tableNamed({ tables }: RenderedReport, name: string | undefined): TableHead {
  const found = name === undefined ? tables[0] : tables.find((table) => table.name === name);
  if (found !== undefined) return found;
  const names = tables.map((table) => table.name).join(', ');
  throw invalidParameter('table', `'table' is not a table of this report. It has ${names}.`);
}

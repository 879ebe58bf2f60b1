/** The document of a report about one tenant: what its collector says, within the limits. */
import { boundedRows } from './bounded-rows.ts';
import type { Chart, Section, Table, TableHead, TenantReport } from './document.ts';
import { tenantReportSchema } from './document.ts';
import { cutText } from './cut-text.ts';
import type { ReportLimits } from './report-inputs.ts';
import type { ReportOperation } from './report.ts';

interface Collected {
  readonly sections: readonly Section[];
  /** Those that the kind declares. */
  readonly tables: readonly TableHead[];
  readonly limits: Pick<ReportLimits, 'rows'>;
}

/** @throws Error when the sections have a table that the kind does not declare, or do not fit the schema */
export function reportOfTenant(
  { tenantId, state }: Pick<ReportOperation, 'tenantId' | 'state'>,
  { sections, tables, limits }: Collected,
): TenantReport {
  const { displayName, completeThrough, isPartial, isPending, hasGaps, gaps, gapsOmitted } = state;
  const heads = new Map(tables.map((head) => [head.name, head]));
  return tenantReportSchema.parse({
    tenantId,
    displayName,
    ...(completeThrough === undefined ? {} : { completeThrough: completeThrough.toISOString() }),
    isPartial,
    isPending,
    hasGaps,
    gaps,
    gapsOmitted,
    sections: sections.map((section) => boundedSection(section, heads, limits.rows)),
  });
}

function boundedSection(
  { name, title, paragraphs, tables, charts }: Section,
  heads: ReadonlyMap<string, TableHead>,
  maxRows: number,
): Section {
  return {
    name,
    title,
    paragraphs: paragraphs.map((text) => cutText(text)),
    tables: tables.map((table) => boundedTable(declared(table, heads), maxRows)),
    charts: charts.map(boundedChart),
  };
}

function declared({ name, rows, omitted }: Table, heads: ReadonlyMap<string, TableHead>): Table {
  const head = heads.get(name);
  if (head === undefined) throw new Error(`The kind does not declare the table ${name}.`);
  if (rows.some((row) => row.length !== head.columns.length))
    throw new Error(`A row of the table ${name} does not have a cell for each column.`);
  return { ...head, rows, omitted };
}

function boundedTable(table: Table, maxRows: number): Table {
  const rows = boundedRows(table.rows, maxRows);
  return { ...table, rows, omitted: table.omitted + table.rows.length - rows.length };
}

function boundedChart({ x, ...chart }: Chart): Chart {
  return { ...chart, x: { title: x.title, values: x.values.map((text) => cutText(text)) } };
}

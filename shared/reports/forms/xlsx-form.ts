/** A report as a workbook: a sheet about the report, one about its tenants, and one for each table. */
import * as parts from '../../exports/xlsx/workbook-parts.ts';
import { momentCell, numberCell, textCell } from '../../exports/xlsx/xlsx-cells.ts';
import { createZipWriter, type ZipWriter } from '../../exports/xlsx/zip-writer.ts';
import { visibleText } from '../../visible-text.ts';
import type { Cell, Column, ColumnKind, ReportHead, TableHead, TenantReport } from '../document.ts';
import { createKeptRows, type KeptRows } from './kept-rows.ts';
import { gapText, listedOf, omittedNote, type RenderedReport } from './report-form.ts';

/** In characters. */
const widths: Readonly<Record<ColumnKind, number>> = {
  text: 24,
  sentence: 80,
  count: 12,
  bytes: 14,
  moment: 20,
  day: 12,
  person: 32,
  record: 38,
  severity: 10,
};

/** Excel's limit, with the header. */
const maxRows = 1_048_576;

interface SheetContent {
  readonly name: string;
  readonly columns: readonly parts.Column[];
  /** As XML. */
  readonly rows: () => AsyncIterable<string> | Iterable<string>;
}

/** Of rows that wait for their sheet, compressed. */
const mostKeptBytes = 64 * 1024 * 1024;

/**
 * A zip file has one part after the other, so rows of tables are kept until their sheet is written. The tenants are read again for
 * a sheet whose rows would need too much memory.
 */
export async function* renderXlsx(
  report: RenderedReport,
  sheetRows = maxRows,
  keptBytes = mostKeptBytes,
): AsyncGenerator<Buffer> {
  const zip = createZipWriter();
  const whole = (name: string, content: string): Buffer =>
    Buffer.concat([zip.begin(name), zip.append(content), zip.endPart()]);
  yield whole(parts.partNames.relationships, parts.packageRelationships);
  yield whole(parts.partNames.styles, parts.styleSheet);
  const sheets: parts.Sheet[] = [];
  for (const content of contentsOf(report, keptBytes)) {
    const rows = yield* writeSheet(zip, content, { number: sheets.length + 1, sheetRows });
    sheets.push({ name: content.name, columns: content.columns.length, rows });
  }
  yield whole(parts.partNames.workbook, parts.workbook(sheets));
  yield whole(parts.partNames.workbookRelationships, parts.workbookRelationships(sheets.length));
  yield whole(parts.partNames.contentTypes, parts.contentTypes(sheets.length));
  yield zip.endFile();
}

interface Place {
  readonly number: number;
  readonly sheetRows: number;
}

/** @returns the number of its rows, with its header */
async function* writeSheet(
  zip: ZipWriter,
  { columns, rows }: SheetContent,
  { number, sheetRows }: Place,
): AsyncGenerator<Buffer, number> {
  yield Buffer.concat([
    zip.begin(parts.partNames.sheet(number)),
    zip.append(parts.sheetBegin(columns, number)),
  ]);
  let [count, left] = [1, 0];
  for await (const row of rows()) {
    // The last row says what does not fit.
    if (count >= sheetRows - 1) left += 1;
    else yield zip.append(row);
    if (left === 0) count += 1;
  }
  if (left > 0) {
    yield zip.append(parts.sheetRow([textCell(`The sheet is full. ${omittedNote(left)}`)]));
    count += 1;
  }
  yield Buffer.concat([zip.append(parts.sheetEnd(columns, count)), zip.endPart()]);
  return count;
}

function contentsOf(report: RenderedReport, keptBytes: number): readonly SheetContent[] {
  const kept = createKeptRows(
    report.tables.map(({ name }) => name),
    keptBytes,
  );
  const about = { name: 'Report', columns: aboutColumns, rows: () => aboutRows(report.head) };
  const ofTenants = { name: 'Tenants', columns: tenantColumns, rows: () => tenantRows(report, kept) };
  const ofTables = report.tables.map((table) => ({
    name: table.name,
    columns: [...leadingColumns, ...table.columns.map(columnOf)],
    rows: () => kept.rowsOf(table.name) ?? rowsOfTable(report, table),
  }));
  return [about, ofTenants, ...ofTables];
}

const aboutColumns: readonly parts.Column[] = [
  { name: 'Member', width: 20 },
  { name: 'Value', width: 60 },
];
const leadingColumns: readonly parts.Column[] = [
  { name: 'Tenant ID', width: 38 },
  { name: 'Tenant', width: 28 },
];
const tenantColumns: readonly parts.Column[] = [
  ...leadingColumns,
  { name: 'Complete through', width: 20 },
  { name: 'Records may be missing', width: 12 },
  { name: 'Records may still arrive', width: 12 },
  { name: 'Has gaps', width: 12 },
  { name: 'Gaps', width: 80 },
];

function columnOf({ title, kind }: Column): parts.Column {
  return { name: title, width: widths[kind] };
}

function aboutRows(head: ReportHead): readonly string[] {
  const rows = [
    [textCell('Report'), textCell(head.title)],
    [textCell('Kind'), textCell(head.kind)],
    [textCell('From (included)'), momentCell(head.from)],
    [textCell('To (not included)'), momentCell(head.to)],
    [textCell('Requested by'), textCell(visibleText(head.createdBy))],
    [textCell('Requested at'), momentCell(head.createdDateTime)],
  ];
  return rows.map(parts.sheetRow);
}

function leadingCells({ tenantId, displayName }: TenantReport): readonly string[] {
  return [textCell(tenantId), textCell(visibleText(displayName))];
}

/** Keeps the rows of tables on the way. */
async function* tenantRows({ tenants, tables }: RenderedReport, kept: KeptRows): AsyncGenerator<string> {
  for await (const tenant of tenants()) {
    for (const table of tables) kept.add(table.name, rowsIn(tenant, table));
    yield tenantRow(tenant);
  }
}

function tenantRow(tenant: TenantReport): string {
  const { completeThrough = '', isPartial, isPending, hasGaps, gaps, gapsOmitted } = tenant;
  const words = [isPartial, isPending, hasGaps].map((flag) => textCell(flag ? 'yes' : 'no'));
  const more = gapsOmitted === 0 ? [] : [omittedNote(gapsOmitted)];
  const texts = [...gaps.map(gapText), ...more].map(visibleText);
  const cells = [momentCell(completeThrough), ...words, textCell(texts.join('\n'))];
  return parts.sheetRow([...leadingCells(tenant), ...cells]);
}

async function* rowsOfTable({ tenants }: RenderedReport, table: TableHead): AsyncGenerator<string> {
  for await (const tenant of tenants()) yield* rowsIn(tenant, table);
}

function* rowsIn(tenant: TenantReport, table: TableHead): Generator<string> {
  const { rows, note } = listedOf(tenant, table);
  const leading = leadingCells(tenant);
  for (const row of rows)
    yield parts.sheetRow([...leading, ...row.map((cell, at) => cellOf(cell, table.columns[at]?.kind))]);
  if (note !== undefined) yield parts.sheetRow([...leading, textCell(note)]);
}

function cellOf(cell: Cell, kind: ColumnKind | undefined): string {
  if (cell === null) return '<c/>';
  if (typeof cell === 'number') return numberCell(cell);
  return kind === 'moment' ? momentCell(cell) : textCell(cell);
}

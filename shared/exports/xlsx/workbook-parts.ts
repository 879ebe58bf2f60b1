/** The parts of a workbook around its cells, as small as spreadsheets accept. */
import { textCell, type CellStyle } from './xlsx-cells.ts';

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relationships = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006';
const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

export const partNames = {
  relationships: '_rels/.rels',
  styles: 'xl/styles.xml',
  sheet: (number: number) => `xl/worksheets/sheet${number}.xml`,
  workbook: 'xl/workbook.xml',
  workbookRelationships: 'xl/_rels/workbook.xml.rels',
  contentTypes: '[Content_Types].xml',
} as const;

export const packageRelationships = `${declaration}<Relationships xmlns="${packages}/relationships">${relationship(1, 'officeDocument', partNames.workbook)}</Relationships>`;

const fills =
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>';
const fonts =
  '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>';
const formats: Readonly<Record<CellStyle, string>> = {
  plain: format('numFmtId="0" fontId="0"'),
  moment: format('numFmtId="164" fontId="0" applyNumberFormat="1"'),
  quoted: format('numFmtId="0" fontId="0" quotePrefix="1"'),
  header: format('numFmtId="0" fontId="1" applyFont="1"'),
};

function format(attributes: string): string {
  return `<xf ${attributes} fillId="0" borderId="0" xfId="0"/>`;
}

/** Its formats are in the order of the indexes in `cellStyles`. */
export const styleSheet = [
  `${declaration}<styleSheet xmlns="${main}">`,
  '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>',
  `${fonts}${fills}<borders count="1"><border/></borders>`,
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
  `<cellXfs count="4">${Object.values(formats).join('')}</cellXfs>`,
  '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
].join('');

export interface Column {
  readonly name: string;
  /** In characters. */
  readonly width: number;
}

/** Begins a sheet with a header row that stays visible. */
export function sheetBegin(columns: readonly Column[], number: number): string {
  const widths = columns.map(
    ({ width }, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`,
  );
  const selected = number === 1 ? ' tabSelected="1"' : '';
  return [
    `${declaration}<worksheet xmlns="${main}"><sheetViews><sheetView${selected} workbookViewId="0">`,
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>',
    `<cols>${widths.join('')}</cols><sheetData>`,
    sheetRow(columns.map(({ name }) => textCell(name, 'header'))),
  ].join('');
}

export function sheetRow(cells: readonly string[]): string {
  return `<row>${cells.join('')}</row>`;
}

/** Ends a sheet, with a filter for each column. */
export function sheetEnd(columns: readonly Column[], rows: number): string {
  return `</sheetData><autoFilter ref="A1:${letters(columns.length)}${rows}"/></worksheet>`;
}

/** A sheet that is written. */
export interface Sheet {
  /** At most 31 letters, digits, and spaces; each has another one. */
  readonly name: string;
  readonly columns: number;
  /** With its header. */
  readonly rows: number;
}

export function workbook(all: readonly Sheet[]): string {
  const sheets = all.map(({ name }, at) => `<sheet name="${name}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`);
  // Excel keeps the range of a filter under this name as well.
  const names = all.map(
    ({ name, columns, rows }, at) =>
      `<definedName name="_xlnm._FilterDatabase" localSheetId="${at}" hidden="1">'${name}'!$A$1:$${letters(columns)}$${rows}</definedName>`,
  );
  return [
    `${declaration}<workbook xmlns="${main}" xmlns:r="${relationships}"><sheets>${sheets.join('')}</sheets>`,
    `<definedNames>${names.join('')}</definedNames></workbook>`,
  ].join('');
}

export function workbookRelationships(sheets: number): string {
  const ofSheets = numbers(sheets).map((at) => relationship(at, 'worksheet', `worksheets/sheet${at}.xml`));
  const ofStyles = relationship(sheets + 1, 'styles', 'styles.xml');
  return `${declaration}<Relationships xmlns="${packages}/relationships">${ofSheets.join('')}${ofStyles}</Relationships>`;
}

export function contentTypes(sheets: number): string {
  const ofSheets = numbers(sheets).map((at) => override(partNames.sheet(at), 'worksheet'));
  return [
    `${declaration}<Types xmlns="${packages}/content-types">`,
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
    '<Default Extension="xml" ContentType="application/xml"/>',
    override(partNames.workbook, 'sheet.main'),
    override(partNames.styles, 'styles'),
    `${ofSheets.join('')}</Types>`,
  ].join('');
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, at) => at + 1);
}

function relationship(id: number, type: string, target: string): string {
  return `<Relationship Id="rId${id}" Type="${relationships}/${type}" Target="${target}"/>`;
}

function override(name: string, type: string): string {
  return `<Override PartName="/${name}" ContentType="${types}.${type}+xml"/>`;
}

/** The name of a column, from 1: `A`, `Z`, `AA`. */
function letters(column: number): string {
  if (column === 0) return '';
  const last = (column - 1) % 26;
  return letters((column - 1 - last) / 26) + String.fromCharCode(65 + last);
}

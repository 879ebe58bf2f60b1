/**
 * A report as the part of a mail. Outlook on Windows draws HTML as Word does: tables instead of boxes, styles in each
 * element, no classes, and no pictures that are drawn by the page.
 */
import type { Cell, Chart, Column, Section, Table, TenantReport } from '../document.ts';
import { cellText, numberText } from './cell-text.ts';
import { plainText } from './html-text.ts';
import { gapText } from './report-form.ts';

/** Some programs cut a mail after 102,400 bytes, whatever is in it. */
const maxCharacters = 60_000;
/** Of one table; there may be many. */
const maxRows = 25;

const font = "font-family:'Segoe UI',Arial,sans-serif;";
const ink = 'color:#1b1f24;';
const soft = 'color:#5b6570;';
const line = 'border-bottom:1px solid #d5dae0;';
const colors: ReadonlyMap<Cell, string> = new Map([
  ['critical', '#b3261e'],
  ['warning', '#8a5300'],
  ['notice', '#1d5fa8'],
  ['ok', '#1a7f37'],
]);

/** HTML for a cell of a table. What it does not list, it counts. */
export function renderMailBody(report: TenantReport): string {
  const room = { left: maxCharacters };
  const parts = [completenessOf(report), ...report.sections.map((section) => sectionOf(section, room))];
  return [...parts, paragraph('All times are in UTC.', soft)].join('');
}

/** How many characters rows may still take. */
interface Room {
  left: number;
}

function completenessOf({ completeThrough, isPending, hasGaps, gaps, gapsOmitted }: TenantReport): string {
  const through =
    completeThrough === undefined
      ? 'It is not known yet through when the records are complete.'
      : `Records are complete through ${cellText(completeThrough, 'moment')}, apart from what is named here.`;
  const more = gapsOmitted === 0 ? [] : [`${gapsOmitted} more gaps`];
  return [
    paragraph(through, soft),
    isPending ? paragraph('The range ends later than that, so records may still arrive.', ink) : '',
    hasGaps ? paragraph('Records of the range are missing:', ink) : '',
    ...[...gaps.slice(0, maxRows).map(gapText), ...more].map((text) => paragraph(`– ${text}`, ink)),
  ].join('');
}

function sectionOf({ title, paragraphs, charts, tables }: Section, room: Room): string {
  const heading = `<p style="margin:20px 0 4px 0;${font}${ink}font-size:17px;line-height:24px;font-weight:600;">${plainText(title)}</p>`;
  return [
    heading,
    ...paragraphs.map((text) => paragraph(text, ink)),
    ...charts.map((chart) => paragraph(chartText(chart), ink)),
    ...tables.map((table) => tableOf(table, room)),
  ].join('');
}

function paragraph(text: string, color: string): string {
  return `<p style="margin:6px 0;${font}${color}font-size:14px;line-height:20px;">${plainText(text)}</p>`;
}

/** In place of the picture: the sum of each series, and its greatest value. */
function chartText({ title, x, series }: Chart): string {
  const texts = series.map(({ title: name, values }) => {
    const greatest = Math.max(0, ...values);
    const sum = values.reduce((all, value) => all + value, 0);
    const most = greatest === 0 ? '' : `, the most at ${x.values[values.indexOf(greatest)] ?? ''}`;
    return `${name} ${numberText(sum, 'count')}${most}${greatest === 0 ? '' : ` (${numberText(greatest, 'count')})`}`;
  });
  return `${title}: ${texts.join('; ')}.`;
}

function tableOf({ title, columns, rows, omitted }: Table, room: Room): string {
  const caption = `<p style="margin:14px 0 4px 0;${font}${ink}font-size:14px;line-height:20px;font-weight:600;">${plainText(title)}</p>`;
  const shown = shownRows(rows, columns, room);
  const left = rows.length - shown.length + omitted;
  if (rows.length + omitted === 0) return caption + paragraph('None.', soft);
  const more =
    left === 0
      ? ''
      : paragraph(`${numberText(left, 'count')} more ${left === 1 ? 'row' : 'rows'}: see the report.`, soft);
  if (shown.length === 0) return caption + more;
  const style = 'width:100%;border-collapse:collapse;';
  const attributes = 'cellpadding="0" cellspacing="0" border="0" width="100%"';
  const head = `<tr>${columns.filter(isShown).map(headCell).join('')}</tr>`;
  return `${caption}<table ${attributes} style="${style}">${head}${shown.join('')}</table>${more}`;
}

/** IDs of records say nothing in a mail; files and the console have them. */
function isShown({ kind }: Column): boolean {
  return kind !== 'record';
}

function shownRows(rows: Table['rows'], columns: readonly Column[], room: Room): readonly string[] {
  const shown: string[] = [];
  for (const row of rows.slice(0, maxRows)) {
    const html = `<tr>${columns.map((column, at) => (isShown(column) ? cellOf(row[at] ?? null, column) : '')).join('')}</tr>`;
    if (html.length > room.left) break;
    room.left -= html.length;
    shown.push(html);
  }
  return shown;
}

function headCell({ title, kind }: Column): string {
  const style = `${font}${ink}${line}font-size:12px;line-height:16px;padding:5px 6px;background:#f2f4f7;`;
  const width = kind === 'sentence' ? ' width="20%"' : '';
  return `<th${width} align="${alignOf(kind)}" valign="top" bgcolor="#f2f4f7" style="${style}">${plainText(title)}</th>`;
}

function cellOf(cell: Cell, { kind }: Column): string {
  const color = kind === 'severity' ? colors.get(cell) : undefined;
  const look = color === undefined ? ink : `color:${color};font-weight:600;`;
  const text = cellText(cell, kind);
  const style = `${font}${look}${line}${wrapOf(text, kind)}font-size:12px;line-height:16px;padding:5px 6px;`;
  return `<td align="${alignOf(kind)}" valign="top" style="${style}">${plainText(text)}</td>`;
}

const keptTogether: ReadonlySet<Column['kind']> = new Set(['moment', 'day', 'count', 'bytes', 'severity']);
/** Names and addresses that are not longer make no column too wide. */
const longWord = /\S{29}/;

/** Words are broken only where they would make a table wider than the mail. */
function wrapOf(text: string, kind: Column['kind']): string {
  if (keptTogether.has(kind)) return 'white-space:nowrap;';
  return longWord.test(text) ? 'word-break:break-word;' : '';
}

function alignOf(kind: Column['kind']): 'left' | 'right' {
  return kind === 'count' || kind === 'bytes' ? 'right' : 'left';
}

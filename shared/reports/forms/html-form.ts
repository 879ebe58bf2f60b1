/** A report as one page that loads nothing, runs nothing, and prints well: the PDF of it is what a browser prints. */
import type {
  Cell,
  Chart,
  Column,
  ColumnKind,
  ReportHead,
  Section,
  Table,
  TenantReport,
} from '../document.ts';
import { momentText, numberText, severityName } from './cell-text.ts';
import { pagePolicy, style } from './html-style.ts';
import { escaped, shownText } from './html-text.ts';
import { gapText, omittedNote, type RenderedReport } from './report-form.ts';
import { svgChart } from './svg-chart.ts';

/** Of a piece of the page: a row of a table may make it larger by its own size, and nothing else may. */
const pieceCharacters = 32 * 1024;

export async function* renderHtml({ head, tenants }: RenderedReport): AsyncGenerator<Buffer> {
  yield Buffer.from(pageBegin(head));
  for await (const tenant of tenants()) yield* inPieces(articleOf(tenant));
  yield Buffer.from('</main></body></html>\n');
}

function* inPieces(texts: Iterable<string>): Generator<Buffer> {
  let [piece, characters] = [[''], 0];
  for (const text of texts) {
    piece.push(text);
    characters += text.length;
    if (characters < pieceCharacters) continue;
    yield Buffer.from(piece.join(''));
    [piece, characters] = [[], 0];
  }
  if (characters > 0) yield Buffer.from(piece.join(''));
}

function pageBegin(head: ReportHead): string {
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${escaped(pagePolicy)}">`,
    '<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer">',
    `<title>${escaped(head.title)}</title><style>${style}</style></head><body>`,
    `<header><h1>${shownText(head.title)}</h1><dl>`,
    `<dt>From</dt><dd>${momentOf(head.from)}</dd><dt>Before</dt><dd>${momentOf(head.to)}</dd>`,
    `<dt>Requested by</dt><dd>${shownText(head.createdBy)}</dd>`,
    `<dt>Requested at</dt><dd>${momentOf(head.createdDateTime)}</dd>`,
    '</dl><p class="soft">All times are in UTC.</p></header><main>',
  ].join('');
}

function* articleOf(tenant: TenantReport): Generator<string> {
  const { tenantId, displayName, sections } = tenant;
  yield `<article><h2>${shownText(displayName)}</h2><p class="soft record">${escaped(tenantId)}</p>`;
  yield completenessOf(tenant);
  for (const section of sections) yield* sectionOf(section);
  yield '</article>';
}

/** Says what is missing before anything else. */
function completenessOf({ completeThrough, isPending, hasGaps, gaps, gapsOmitted }: TenantReport): string {
  const through =
    completeThrough === undefined
      ? 'It is not known yet through when the records are complete.'
      : `Records are complete through ${momentOf(completeThrough)}, apart from what is named here.`;
  const notes = [
    ...(isPending ? ['The range ends later than that, so records may still arrive.'] : []),
    ...(hasGaps ? ['Records of the range are missing:'] : []),
  ];
  const more = gapsOmitted === 0 ? '' : `<li>${escaped(omittedNote(gapsOmitted))}</li>`;
  const list = gaps.map((gap) => `<li>${shownText(gapText(gap))}</li>`).join('') + more;
  const text = [through, ...notes.map(escaped)].join(' ');
  const kind = notes.length === 0 ? 'soft' : 'notes';
  return `<div class="${kind}"><p>${text}</p>${list === '' ? '' : `<ul>${list}</ul>`}</div>`;
}

function* sectionOf({ title, paragraphs, tables, charts }: Section): Generator<string> {
  yield `<section><h3>${shownText(title)}</h3>`;
  for (const text of paragraphs) yield `<p>${shownText(text)}</p>`;
  for (const chart of charts) yield figureOf(chart);
  for (const table of tables) yield* tableOf(table);
  yield '</section>';
}

function figureOf(chart: Chart): string {
  const legend = chart.series.map(({ title }, at) => `<li><i class="s${at}"></i>${shownText(title)}</li>`);
  return [
    `<figure><figcaption>${shownText(chart.title)}</figcaption>${svgChart(chart)}`,
    `<ul class="legend">${legend.join('')}</ul></figure>`,
  ].join('');
}

function* tableOf({ title, columns, rows, omitted }: Table): Generator<string> {
  const heads = columns.map(
    ({ title: name, kind }) => `<th scope="col" class="${kind}">${shownText(name)}</th>`,
  );
  yield `<table><caption>${shownText(title)}</caption><thead><tr>${heads.join('')}</tr></thead><tbody>`;
  for (const row of rows) yield `<tr>${row.map((cell, at) => cellOf(cell, columns[at])).join('')}</tr>`;
  const none = rows.length === 0 && omitted === 0 ? '<p class="soft">None.</p>' : '';
  const note = omitted === 0 ? none : `<p class="notes">${escaped(omittedNote(omitted))}</p>`;
  yield `</tbody></table>${note}`;
}

function cellOf(cell: Cell, column: Column | undefined): string {
  const { kind = 'text' } = column ?? {};
  return `<td class="${kind}">${cell === null ? '' : shownCell(cell, kind)}</td>`;
}

function shownCell(cell: string | number, kind: ColumnKind): string {
  if (typeof cell === 'number') return numberText(cell, kind);
  if (kind === 'moment') return momentOf(cell);
  return kind === 'severity' ? severityOf(cell) : shownText(cell);
}

function severityOf(cell: string): string {
  const name = severityName(cell);
  return name === undefined ? shownText(cell) : `<span class="${cell}">${name}</span>`;
}

/** To the second, as people read it; what is not a moment stays a text. */
function momentOf(text: string): string {
  const shown = momentText(text);
  return shown === undefined ? shownText(text) : `<time datetime="${text}">${shown}</time>`;
}

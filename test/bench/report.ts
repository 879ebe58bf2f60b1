/** Shows the figures: as a table for people, as one JSON object for machines. */
import Table from 'cli-table3';
import { misses, partTitles, targetOf, type Figure, type PartLetter } from './figures.ts';

export interface PartResult {
  readonly part: PartLetter;
  readonly figures: readonly Figure[];
  /** How the figures came about, where that is not plain. */
  readonly notes: readonly string[];
}

/** One flat object: every figure under its key, and the keys of those that miss their target. */
export function toJson(results: readonly PartResult[]): string {
  const figures = results.flatMap((result) => result.figures);
  return JSON.stringify({
    ...Object.fromEntries(figures.map(({ key, value }) => [key, round(value)])),
    missed: figures.filter(misses).map(({ key }) => key),
  });
}

export function toTable(results: readonly PartResult[]): string {
  const table = new Table({
    head: ['', 'figure', 'measured', 'target', ''],
    colAligns: ['left', 'left', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const { part, figures } of results) {
    table.push([{ colSpan: 5, content: `(${part}) ${partTitles[part]}` }]);
    table.push(...figures.map(toRow));
  }
  return [table.toString(), ...results.flatMap(toNotes)].join('\n');
}

function toRow(figure: Figure): string[] {
  const target = targetOf(figure);
  const sign = target?.bound === 'atLeast' ? '≥' : '≤';
  const verdict = misses(figure) ? 'MISSED' : 'met';
  return [
    figure.key,
    figure.label,
    `${format(figure.value)}${figure.unit === '' ? '' : ` ${figure.unit}`}`,
    ...(target === undefined ? ['', ''] : [`${sign} ${format(target.value)}`, verdict]),
  ];
}

function toNotes({ part, notes }: PartResult): readonly string[] {
  return notes.map((note) => `(${part}) ${note}`);
}

function format(value: number): string {
  return round(value).toLocaleString('en-US', { maximumFractionDigits: 6 });
}

/** Three digits that count, and whole numbers whole. */
function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

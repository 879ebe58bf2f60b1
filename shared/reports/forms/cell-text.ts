/** Cells of reports as people read them, in forms that are not for programs. */
import type { Cell, ColumnKind, Severity } from '../document.ts';

const severityNames: ReadonlyMap<string, string> = new Map<Severity, string>([
  ['critical', 'Critical'],
  ['warning', 'Warning'],
  ['notice', 'Notice'],
  ['ok', 'OK'],
]);

/** The name of a severity; undefined for any other text. */
export function severityName(cell: string): string | undefined {
  return severityNames.get(cell);
}

const units = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const;

/** A number with separators, or a size with its unit. */
export function numberText(cell: number, kind: ColumnKind): string {
  if (kind !== 'bytes') return cell.toLocaleString('en-US');
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, cell)) / 10));
  const value = (cell / 1024 ** power).toLocaleString('en-US', { maximumFractionDigits: 1 });
  return `${value} ${units[power] ?? ''}`;
}

/** A moment to the second, in UTC; undefined for any other text. */
export function momentText(text: string): string | undefined {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/.exec(text) ?? [];
  return day === undefined || time === undefined ? undefined : `${day} ${time}`;
}

/** Any cell; a text stays as it is. */
export function cellText(cell: Cell, kind: ColumnKind): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return numberText(cell, kind);
  if (kind === 'severity') return severityName(cell) ?? cell;
  return (kind === 'moment' ? momentText(cell) : undefined) ?? cell;
}

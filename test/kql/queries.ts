/** Every Kusto query of the project: of alerts, of the workbook, and in the documents. */
import { readdirSync, readFileSync } from 'node:fs';
import type { TableSchemas } from './kusto.ts';

export interface Query {
  /** Its file; in documents also the line where its block begins. */
  readonly where: string;
  readonly text: string;
}

export const alertQueries: readonly Query[] = filesIn('infra/alerts', '.kql');
export const workbookQueries: readonly Query[] = filesIn('infra/workbook', '.kql');
const destinationQueries: readonly Query[] = filesIn('infra/destinations', '.kql');
export const documents: readonly Query[] = filesIn('docs', '.md');
export const documentQueries: readonly Query[] = documents.flatMap(blocksOf);
export const allQueries: readonly Query[] = [
  ...alertQueries,
  ...workbookQueries,
  ...destinationQueries,
  ...documentQueries,
];

/** File name without folder and ending. */
export function nameOf({ where }: Query): string {
  return where.replace(/^.*\//, '').replace(/\.[a-z]+$/, '');
}

function filesIn(folder: string, ending: string): readonly Query[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith(ending),
  );
  return files
    .sort()
    .map((file) => ({ where: `${folder}/${file}`, text: readFileSync(`${folder}/${file}`, 'utf8') }));
}

function blocksOf({ where, text }: Query): readonly Query[] {
  return Array.from(text.matchAll(/^```(?:kusto|kql)\n(.*?)^```$/gms), (match) => ({
    where: `${where}:${text.slice(0, match.index).split('\n').length}`,
    text: match[1] ?? '',
  }));
}

/** What the documents tell the reader to declare: columns, and those in the path of a file. */
export function declaredTables(queries: readonly Query[]): TableSchemas {
  return Object.fromEntries(queries.flatMap(({ text }) => declaredTable(text)));
}

function declaredTable(text: string): readonly [string, Readonly<Record<string, string>>][] {
  const match = /^\.create(?:-or-alter)? external table (\w+) \(([^)]*)\)/m.exec(text);
  const name = match?.[1];
  if (name === undefined) return [];
  const partitions = /^partition by \(([^)]*)\)/m.exec(text)?.[1] ?? '';
  return [[name, { ...declaredColumns(match?.[2] ?? ''), ...declaredColumns(partitions) }]];
}

function declaredColumns(list: string): Readonly<Record<string, string>> {
  const columns = list.matchAll(/(\w+)\s*:\s*(\w+)/g);
  return Object.fromEntries(Array.from(columns, (match) => [match[1] ?? '', match[2] ?? '']));
}

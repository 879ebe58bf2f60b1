/** The rows of a CSV export: of the Purview portal, and of Export-Csv in PowerShell. */
import { CsvError, parse, type Parser } from 'csv-parse';
import * as z from 'zod';
import { lengthOf, peek, prepend } from '../peek.ts';
import { UnreadableFileError } from './errors.ts';
import type { PlacedText } from './json-texts.ts';
import { howToExport } from './row-record.ts';

const rowSchema = z.object({
  // A row may end early.
  record: z.looseObject({ AuditData: z.string().default('') }),
  info: z.object({ lines: z.number() }),
});

/** Longer rows are not a record; the largest known has 3.5 MB. */
const maxRowCharacters = 32 * 1024 * 1024;

/**
 * @param text a row of titles, one of which is AuditData, then a record per row
 * @throws UnreadableFileError when there is no such column, or the file is not CSV
 */
export async function* csvRows(text: AsyncIterable<string>): AsyncGenerator<PlacedText> {
  const { start, rest } = await peek(
    text,
    (held) => lengthOf(held) > maxStartCharacters || isHeader(withoutType(held)),
  );
  const titles = withoutType(start);
  const delimiter = delimiterOf(titles.split('\n', 1)[0] ?? '');
  if (delimiter === undefined) {
    throw new UnreadableFileError(`is neither JSON nor CSV with a column AuditData. ${howToExport}`);
  }
  const options = { columns: true, info: true, relax_column_count: true, skip_empty_lines: true };
  const rows = parse({ ...options, delimiter, max_record_size: maxRowCharacters, bom: true });
  try {
    for await (const row of parsed(prepend([titles], rest), rows)) yield placed(row);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UnreadableFileError(`is not valid CSV (${error.code}). ${howToExport}`);
  }
}

/**
 * All rows of a chunk before the next one is read: a pipeline would drop rows that are not taken yet when the text
 * fails, and each run of an import must read the same ones.
 */
async function* parsed(text: AsyncIterable<string>, parser: Parser): AsyncGenerator {
  // Thrown by the last loop, which reads from a failed parser.
  parser.on('error', () => undefined);
  for await (const chunk of text) {
    parser.write(chunk);
    yield* rowsIn(parser);
    if (parser.destroyed) break;
  }
  parser.end();
  for await (const row of parser) yield row;
}

/** Those that are complete. Parsing is synchronous. */
function rowsIn(parser: Parser): readonly unknown[] {
  const rows: unknown[] = [];
  for (let row: unknown = parser.read(); row !== null; row = parser.read()) rows.push(row);
  return rows;
}

function placed(row: unknown): PlacedText {
  const { record, info } = rowSchema.parse(row);
  const { AuditData } = record;
  return { value: JSON.stringify({ AuditData }), place: `the row that ends in line ${info.lines}` };
}

/** The beginning of a text without the line with a type that Windows PowerShell writes before the titles. */
function withoutType(start: readonly string[]): string {
  return start
    .join('')
    .trimStart()
    .replace(/^#TYPE[^\n]*(?:\n|$)/, '');
}

/** Whether the line of titles is complete, or too long to be one. */
function isHeader(start: string): boolean {
  return start.includes('\n') || start.length > maxHeaderCharacters;
}

const maxHeaderCharacters = 10_000;
/** With the line with a type, and blanks. */
const maxStartCharacters = 64 * 1024;

/** The delimiter next to the title AuditData; undefined without that title. */
function delimiterOf(header: string): string | undefined {
  const found = /(?:^|([,;\t]))"?AuditData"?(?:$|([,;\t]))/.exec(header.trim());
  return found === null ? undefined : (found[1] ?? found[2] ?? ',');
}

/** The rows of a CSV export: of the Purview portal, and of Export-Csv in PowerShell. */
import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
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
  // Errors of the text reach the loop below, and a loop that ends early closes the text.
  pipeline(Readable.from(prepend([titles], rest)), rows, () => undefined);
  try {
    for await (const row of rows) {
      const { record, info } = rowSchema.parse(row);
      const { AuditData } = record;
      yield { value: JSON.stringify({ AuditData }), place: `the row that ends in line ${info.lines}` };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UnreadableFileError(`is not valid CSV (${error.code}). ${howToExport}`);
  }
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

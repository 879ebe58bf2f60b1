/** The rows of a CSV export: of the Purview portal, and of Export-Csv in PowerShell. */
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import * as z from 'zod';
import { UnreadableFileError } from './errors.ts';
import type { PlacedText } from './json-texts.ts';
import { howToExport } from './row-record.ts';

const rowSchema = z.object({
  record: z.looseObject({ AuditData: z.string() }),
  info: z.object({ lines: z.number() }),
});

/** Longer rows are not a record; the largest known has 3.5 MB. */
const maxRowCharacters = 32 * 1024 * 1024;

/**
 * @param text a row of titles, one of which is AuditData, then a record per row
 * @throws UnreadableFileError when there is no such column, or the file is not CSV
 */
export async function* csvRows(text: AsyncIterable<string>): AsyncGenerator<PlacedText> {
  const [header, whole] = await headerOf(text);
  const delimiter = delimiterOf(header);
  if (delimiter === undefined) {
    throw new UnreadableFileError(`is neither JSON nor CSV with a column AuditData. ${howToExport}`);
  }
  const options = { columns: true, info: true, relax_column_count: true, skip_empty_lines: true };
  const rows = Readable.from(whole).pipe(
    parse({ ...options, delimiter, max_record_size: maxRowCharacters, bom: true }),
  );
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

/** @returns the line of titles, and the text from there on; Windows PowerShell writes a line with a type before it */
async function headerOf(
  text: AsyncIterable<string>,
): Promise<readonly [header: string, text: AsyncIterable<string>]> {
  const rest = text[Symbol.asyncIterator]();
  let start = '';
  for (;;) {
    const next = await rest.next();
    if (next.done !== true) start += next.value;
    const titles = start.trimStart().replace(/^#TYPE[^\n]*(?:\n|$)/, '');
    const end = titles.indexOf('\n');
    if (end !== -1 || next.done === true || titles.length > maxHeaderCharacters)
      return [titles.slice(0, end === -1 ? undefined : end), resume(titles, rest)];
  }
}

const maxHeaderCharacters = 10_000;

async function* resume(start: string, rest: AsyncIterator<string, unknown>): AsyncGenerator<string> {
  yield start;
  yield* { [Symbol.asyncIterator]: () => rest };
}

/** The delimiter next to the title AuditData; undefined without that title. */
function delimiterOf(header: string): string | undefined {
  const found = /(?:^|([,;\t]))"?AuditData"?(?:$|([,;\t]))/.exec(header.trim());
  return found === null ? undefined : (found[1] ?? found[2] ?? ',');
}

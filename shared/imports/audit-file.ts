/** Reads audit records from what people have: files of Auditkeep, PowerShell, the Purview portal, and Microsoft Graph. */
import { lengthOf, peek, prepend } from '../peek.ts';
import { csvRows } from './csv-rows.ts';
import { decodeText } from './decode-text.ts';
import { TooMuchTextError, UnreadableFileError } from './errors.ts';
import { jsonTexts, type PlacedText } from './json-texts.ts';
import { recordOf } from './row-record.ts';

/** One record of a file. */
export interface FileRecord {
  /** JSON, on one line. Exactly as in the file wherever that holds the record's text. */
  readonly text: string;
  /** For messages, for example `line 7`. */
  readonly place: string;
}

/**
 * The records of a file, in order. Reads JSON objects one per line, a JSON array, and an object with a list `value`, as
 * Graph answers; each object is a record, a row of Search-UnifiedAuditLog, or Graph's auditLogRecord. Reads CSV with a
 * column AuditData, as the Purview portal and Export-Csv write it. Text may be UTF-8 or UTF-16, and compressed with gzip.
 * @throws UnreadableFileError at the first thing that is not an audit record, and when there are no records
 */
export async function* readAuditFile(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<FileRecord> {
  for await (const { value, place } of readAuditRows(bytes)) yield { text: recordOf(value, place), place };
}

/**
 * The rows of such a file, each of which should hold one record: {@link recordOf} says which.
 * @param maxCharacters of text that are read, with all that is not in rows
 * @throws UnreadableFileError when the file is not one of these, at the place where that shows, has no rows, or more text
 */
export async function* readAuditRows(
  bytes: AsyncIterable<Uint8Array>,
  maxCharacters = Infinity,
): AsyncGenerator<PlacedText> {
  const text = decodeText(bytes, maxCharacters);
  let count = 0;
  try {
    for await (const row of rowsOf(text)) {
      count++;
      yield row;
    }
  } catch (error) {
    throw error instanceof TooMuchTextError ? new TooMuchTextError(count) : error;
  } finally {
    // A file that is refused by its beginning was not read to its end.
    await text.return(undefined);
  }
  if (count === 0) throw noRecords();
}

async function* rowsOf(decoded: AsyncIterable<string>): AsyncGenerator<PlacedText> {
  const { start, rest } = await peek(decoded, (held) => !isBlank(held.at(-1)) || lengthOf(held) > maxBlanks);
  const first = start.at(-1)?.trimStart()[0];
  if (first === undefined) throw noRecords();
  const text = prepend(start, rest);
  yield* first === '{' || first === '[' ? jsonTexts(text, first) : csvRows(text);
}

/** Held before the first record, in characters. */
const maxBlanks = 1024 * 1024;

function isBlank(chunk = ''): boolean {
  return chunk.trim() === '';
}

function noRecords(): UnreadableFileError {
  return new UnreadableFileError('contains no records');
}

/** The audit record in what a tool wrote around it. */
import { isObject, parseJson, type JsonObject } from '../json.ts';
import { withoutTypes } from '../records/graph-types.ts';
import { UnreadableFileError } from './errors.ts';

/** A record has some of them. Real records have all. */
const recordFields = ['Id', 'CreationTime', 'Operation', 'UserId'] as const;

/** Advice for a file that cannot be read. */
export const howToExport =
  'Use an export of the Purview portal, Search-UnifiedAuditLog … | Export-Csv FILE, or records as JSON, one per line';

/**
 * @param text JSON of a record, of a row of Search-UnifiedAuditLog, or of Graph's auditLogRecord
 * @param place where it is in the file
 * @returns the record's JSON on one line; unchanged if the text is a record on one line
 * @throws UnreadableFileError when it is none of these
 */
export function recordOf(text: string, place: string): string {
  const fields = parseJson(text);
  if (!isObject(fields)) throw new UnreadableFileError(`${place}: this is not a single JSON object`);
  const record = wrappedRecord(fields, place) ?? text;
  const parsed = record === text ? fields : parseJson(record);
  if (!isObject(parsed)) {
    throw new UnreadableFileError(
      `${place}: AuditData is not a JSON object. Excel cuts cells at 32,767 characters: use the file as it was exported`,
    );
  }
  if (recordFields.every((name) => parsed[name] === undefined)) {
    throw new UnreadableFileError(
      `${place}: this is not an audit record: it has none of ${recordFields.join(', ')}. ${howToExport}`,
    );
  }
  return /[\r\n]/.test(record) ? JSON.stringify(parsed) : record;
}

/** Undefined if nothing is wrapped around the record. */
function wrappedRecord(fields: JsonObject, place: string): string | undefined {
  const name = ['AuditData', 'auditData'].find((each) => each in fields);
  if (name === undefined) return undefined;
  const wrapped = fields[name];
  if (typeof wrapped === 'string' && wrapped.trim() !== '') return wrapped;
  if (isObject(wrapped)) return JSON.stringify(withoutTypes(wrapped));
  throw new UnreadableFileError(`${place}: ${name} is empty. ${howToExport}`);
}

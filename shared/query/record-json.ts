/** Records with their delivered texts as JSON. */
import { parseJson } from '../json.ts';
import { wholeText } from '../records/delivered-text.ts';
import type { TextRoom } from './expand-texts.ts';
import { completedFromText, type FoundRecord } from './found-record.ts';

/**
 * The delivered text is inserted unchanged: numbers beyond 2^53 and duplicate keys would not survive parsing and
 * printing. A text that is not JSON is inserted as a string.
 * @param shown an object with at least one member
 */
export function withAuditData(shown: object, text: Buffer): string {
  const delivered = text.toString('utf8');
  const auditData = parseJson(delivered) === undefined ? JSON.stringify(delivered) : delivered;
  const members = JSON.stringify(shown).slice(0, -1);
  return `${members}${members === '{' ? '' : ','}"auditData":${auditData}}`;
}

/** A record of a page with the text that there was room for. */
export function expandedJson(
  record: FoundRecord,
  room: TextRoom,
  show: (record: FoundRecord) => object,
): string {
  const text = room.textOf(record);
  if (text === undefined) return JSON.stringify(show(record));
  return withAuditData(show(completedFromText(record, wholeText(text))), text);
}

/** A list answer as bytes, from records that are JSON already and everything else that it says. */
export function listJson(records: readonly string[], rest: object): Buffer {
  const others = JSON.stringify(rest).slice(1);
  return Buffer.from(`{"value":[${records.join(',')}]${others === '}' ? '' : ','}${others}`);
}

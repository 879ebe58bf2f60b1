/** The text of a record as a value in a JSON document. */
import { isUtf8 } from 'node:buffer';
import { parseJson } from '../../json.ts';
import type { OutgoingRecord } from '../outgoing.ts';

/**
 * The text itself, byte for byte, if it is JSON in valid UTF-8; a JSON string of it if it is anything else, such as the
 * beginning of a longer text. On one line, as the text comes from a raw blob, where each record has a line.
 */
export function jsonOf({ text, truncated }: Pick<OutgoingRecord, 'text' | 'truncated'>): Buffer {
  const readable = text.toString('utf8');
  if (truncated || parseJson(readable) === undefined) return Buffer.from(JSON.stringify(readable));
  return isUtf8(text) ? text : Buffer.from(readable);
}

/** An object with who the record belongs to, its place in the feed, and the record, whose own text is copied as {@link jsonOf} has it. */
export function enveloped(record: OutgoingRecord): Buffer {
  const { tenantId, tenantName, id, place, createdDateTime, ingestedDateTime, contentType, truncated } =
    record;
  const head = JSON.stringify({
    tenantId,
    tenantName,
    id,
    sequence: `${place.sequence}.${place.line}`,
    createdDateTime,
    ingestedDateTime,
    contentType,
    ...(truncated ? { truncated } : {}),
  });
  return Buffer.concat([Buffer.from(`${head.slice(0, -1)},"record":`), jsonOf(record), Buffer.from('}')]);
}

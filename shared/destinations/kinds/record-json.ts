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

/** Members of a record that its summary does not have. */
import { isObject, parseJson, type JsonObject } from '../../../json.ts';
import type { OutgoingRecord } from '../../outgoing.ts';

/** None of text that is not a JSON object. */
export function membersOf({ text }: Pick<OutgoingRecord, 'text'>): JsonObject {
  const value = parseJson(text.toString('utf8'));
  return isObject(value) ? value : {};
}

/** The text of the first of the members that has one; JSON of lists and objects. */
export function textIn(members: JsonObject, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = members[name];
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  }
  return undefined;
}

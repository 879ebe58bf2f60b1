/** Members of records that are texts. */
import type { JsonObject } from '../../../json.ts';

/** Empty if the member is not a text, or is longer than any name. */
export function textIn(fields: JsonObject, name: string): string {
  const value = fields[name];
  return typeof value === 'string' && value.length <= 500 ? value : '';
}

/** What Microsoft Graph adds to the records that it returns. */
import { isObject } from '../json.ts';

/** Graph names its own types inside the record, which would make it another one than the feed delivers. */
export function withoutTypes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTypes);
  if (!isObject(value)) return value;
  const own = Object.entries(value).filter(([name]) => !name.endsWith('@odata.type'));
  return Object.fromEntries(own.map(([name, member]) => [name, withoutTypes(member)]));
}

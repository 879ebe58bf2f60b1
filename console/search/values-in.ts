/** All values in a delivered record, each with the way to it. */

export interface RecordValue {
  /** From the outside to the inside; the entry of a list of names and values is under its name. */
  readonly path: readonly string[];
  readonly value: string | number | boolean | null;
}

const most = 400;
const maxDepth = 12;

/** In the order of the record; at most 400, `isCut` if there are more. */
export function valuesIn(record: unknown): {
  readonly values: readonly RecordValue[];
  readonly isCut: boolean;
} {
  const values: RecordValue[] = [];
  collect(record, [], values);
  return { values: values.slice(0, most), isCut: values.length > most };
}

function collect(value: unknown, path: readonly string[], found: RecordValue[]): void {
  if (found.length > most || path.length > maxDepth) return;
  if (Array.isArray(value)) for (const one of value as readonly unknown[]) collectElement(one, path, found);
  else if (typeof value === 'object' && value !== null)
    for (const [name, inner] of Object.entries(value)) collect(inner, [...path, name], found);
  else if (isScalar(value)) found.push({ path, value });
}

/** The entry of a list of names and values, such as a parameter of a cmdlet, is found under its name. */
function collectElement(element: unknown, path: readonly string[], found: RecordValue[]): void {
  const name = memberOf(element, 'Name') ?? memberOf(element, 'Key');
  const value = memberOf(element, 'Value');
  if (typeof name === 'string' && isScalar(value)) found.push({ path: [...path, name], value });
  else collect(element, path, found);
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

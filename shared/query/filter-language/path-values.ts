/** Values inside a record that a path such as `auditData/Parameters/Identity` leads to. */
import { isObject, parseJson } from '../../json.ts';
import { namedValueOf, namedValues, startsLikeJson, type NamedValue } from '../../records/named-values.ts';

/** The names of a path after `auditData`; a name in single quotes may contain anything. */
export function namesOfPath(path: string): readonly string[] {
  const names = path.match(/'(?:[^']|'')*'|[^/]+/g) ?? [];
  return names
    .slice(1)
    .map((name) => (name.startsWith("'") ? name.slice(1, -1).replaceAll("''", "'") : name));
}

/**
 * All values that the path leads to. A name is that of a member, of the same member of any element of an array, or of a
 * pair in a list of names and values; the latter in any case. Own members only. Null counts as absent.
 */
export function valuesAt(parsed: unknown, names: readonly string[]): readonly unknown[] {
  const places = names.reduce<readonly Place[]>(
    (all, name) => all.flatMap((place) => enter(place, name)),
    [{ value: parsed }],
  );
  return places.flatMap(({ value }) => toList(value)).filter(isPresent);
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** A value, and the pair that it is the value of. */
type Place = Pick<NamedValue, 'value'> & Partial<NamedValue>;

function enter({ value, element }: Place, name: string): readonly Place[] {
  if (element !== undefined && Object.hasOwn(element, name)) return [{ value: element[name] }];
  if (Array.isArray(value)) return value.flatMap((one: unknown) => enterElement(one, name));
  if (isObject(value)) return Object.hasOwn(value, name) ? [{ value: value[name] }] : [];
  return typeof value === 'string' ? enterText(value, name) : [];
}

/** Elements that are arrays are not entered: a path has a name for each level. */
function enterElement(element: unknown, name: string): readonly Place[] {
  const pair = namedValueOf(element);
  if (pair !== undefined && isSame(pair.name, name)) return [pair];
  return isObject(element) ? enter({ value: element }, name) : [];
}

/** Some lists are delivered as a text: of JSON, or as a command line. */
function enterText(text: string, name: string): readonly Place[] {
  if (startsLikeJson.test(text)) return enter({ value: parsedList(text) }, name);
  return namedValues(text).filter((pair) => isSame(pair.name, name));
}

/** Not a text again, or a text of many brackets would be parsed for ever. */
function parsedList(text: string): unknown {
  const parsed = parseJson(text);
  return typeof parsed === 'object' ? parsed : undefined;
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

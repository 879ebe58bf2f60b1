/** Lists of names and values in records: Parameters, ExtendedProperties, ModifiedProperties, and their like. */
import { isObject, parseJson, type JsonObject } from '../json.ts';

export interface NamedValue {
  readonly name: string;
  /** Undefined if the list has a name only. */
  readonly value: unknown;
  /** The list's element, with members such as OldValue. */
  readonly element: JsonObject;
}

/**
 * Names and values of a list, whichever way it was delivered: as an array, as the JSON of one in a text, or as a command
 * line as it was typed. Values are as delivered, those of a command line without their quotes. None for anything else.
 */
export function namedValues(list: unknown): readonly NamedValue[] {
  if (Array.isArray(list)) return list.flatMap((element: unknown) => namedValueOf(element) ?? []);
  if (typeof list !== 'string') return [];
  return startsLikeJson.test(list) ? namedValues(parseJson(list)) : typedParameters(list);
}

/** Texts that may hold JSON. */
export const startsLikeJson = /^\s*[[{]/;

/** Undefined for an element without a name. */
export function namedValueOf(element: unknown): NamedValue | undefined {
  if (!isObject(element)) return undefined;
  const { Name, Key, Value, NewValue } = element;
  // ExtraProperties of Teams have keys; ModifiedProperties have an old and a new value.
  const name = Name ?? Key;
  return typeof name === 'string' ? { name, value: Value ?? NewValue, element } : undefined;
}

const typedParameter =
  /(?:^|\s)-(\w+)(?:[:\s]\s*(?:"((?:[^"]|"")*)"|'((?:[^']|'')*)'|\(([^()]*)\)|(?!-[A-Za-z])(\S+)))?/g;

/** A switch, such as `-Force`, has no value. */
function typedParameters(commandLine: string): readonly NamedValue[] {
  return [...commandLine.matchAll(typedParameter)].map(([, name = '', ...groups]) => {
    const values: readonly (string | undefined)[] = groups;
    const value = values.find((one) => one !== undefined);
    return { name, value, element: { Name: name, Value: value } };
  });
}

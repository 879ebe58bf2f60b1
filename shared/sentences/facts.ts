/** What acts read of a record. Nothing here throws, whatever the record holds. */
import { isObject, parseJson, type JsonObject } from '../json.ts';
import { lazy } from '../lazy.ts';
import type { RecordSummary } from '../records/delivered-members.ts';
import { namedValues, startsLikeJson, type NamedValue } from '../records/named-values.ts';

/** The members of a record that sentences use: those of an answer, or of the index. */
export type DescribedRecord = Pick<
  RecordSummary,
  'operation' | 'userId' | 'service' | 'objectId' | 'clientIp' | 'resultStatus' | 'mailboxOwner' | 'siteUrl'
>;

/** From what to what; an empty text is nothing. */
export interface Modified {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** A record as acts read it. Names are compared without regard to case; what is absent is an empty text. */
export interface Facts {
  readonly record: DescribedRecord;
  /** The delivered record; empty if it is not an object. */
  readonly fields: JsonObject;
  /** A member of the delivered record, as text. */
  readonly field: (name: string) => string;
  /** A parameter of a cmdlet. */
  readonly parameter: (name: string) => string;
  readonly parameters: () => readonly { readonly name: string; readonly value: string }[];
  /** A value of ExtendedProperties, OperationProperties or ExtraProperties. */
  readonly property: (name: string) => string;
  /** A changed property. */
  readonly modified: (name: string) => Modified | undefined;
  /** The new value of a changed property. */
  readonly newValue: (name: string) => string;
  readonly allModified: () => readonly Modified[];
}

export function factsOf(record: DescribedRecord, auditData: unknown): Facts {
  const fields = isObject(auditData) ? auditData : {};
  const parameters = lazy(() => namedValues(fields['Parameters']).map(textOfNamed));
  const parameter = lookUp(parameters);
  const property = lookUp(() => propertyLists.flatMap((list) => namedValues(fields[list]).map(textOfNamed)));
  const allModified = lazy(() => namedValues(fields['ModifiedProperties']).map(modifiedOf));
  const modified = lookUp(allModified);
  return {
    record,
    fields,
    field: (name) => plainText(fields[name]),
    parameter: (name) => parameter(name)?.value ?? '',
    parameters,
    property: (name) => property(name)?.value ?? '',
    modified,
    newValue: (name) => modified(name)?.to ?? '',
    allModified,
  };
}

const propertyLists = ['ExtendedProperties', 'OperationProperties', 'ExtraProperties'];

/** By name; the first one of several with the same name. */
function lookUp<T extends { readonly name: string }>(
  list: () => readonly T[],
): (name: string) => T | undefined {
  // Read from the end, so that the first one remains.
  const byName = lazy(() => new Map([...list()].reverse().map((one) => [one.name.toLowerCase(), one])));
  return (name) => byName().get(name.toLowerCase());
}

function textOfNamed({ name, value }: NamedValue): { readonly name: string; readonly value: string } {
  return { name, value: plainText(value) };
}

function modifiedOf({ name, element, value }: NamedValue): Modified {
  return { name, from: plainText(element['OldValue']), to: plainText(element['NewValue'] ?? value) };
}

/** Texts that mean "no value" wherever they are. */
const noValue: ReadonlySet<string> = new Set(['', '[]', '{}', '""', '<null>', '__null__', 'null', '$null']);

/**
 * A value as people would write it: without quotes, and without the brackets of a list, as in `["Member"]`. Several
 * values are separated by commas; objects remain JSON.
 */
export function plainText(value: unknown): string {
  if (typeof value === 'string') return plainOfText(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return plainOfList(value);
  return isObject(value) ? jsonOf(value) : '';
}

function plainOfText(text: string): string {
  const trimmed = text.trim();
  if (noValue.has(trimmed.toLowerCase())) return '';
  const list = startsLikeJson.test(trimmed) ? parseJson(trimmed) : undefined;
  if (Array.isArray(list)) return plainOfList(list);
  return quoted.exec(trimmed)?.[1] ?? trimmed;
}

const quoted = /^"([^"]*)"$/;

function plainOfList(list: readonly unknown[]): string {
  const texts = list.map((one) => (typeof one === 'string' ? one : plainOfOne(one)));
  return texts.filter((text) => text !== '').join(', ');
}

/** Not {@link plainText}: lists within lists remain JSON, so no depth is too much. */
function plainOfOne(value: unknown): string {
  return value === null || value === undefined ? '' : jsonOf(value);
}

/** Empty for values nested too deeply to be printed. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '';
  }
}

/** Whether a value, as text, means yes: `True`, `$true`. */
export function isOn(value: string): boolean {
  return /^\$?true$/i.test(value.trim());
}

/** Whether a value, as text, means no: `False`, `$false`. */
export function isOff(value: string): boolean {
  return /^\$?false$/i.test(value.trim());
}

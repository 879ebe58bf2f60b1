/** Reads the values of a watched record that conditions compare, in the forms in which they compare them. */
import { isObject } from '../../json.ts';
import { lazy } from '../../lazy.ts';
import { wholeRecord } from '../../query/filter-language/filter-members.ts';
import { valuesAt } from '../../query/filter-language/path-values.ts';
import { foldCase } from '../../query/matching/free-text.ts';
import { memberValue } from '../../query/public-record.ts';
import { isRecordMember, isTextMember, normalizerOf, valuesOf } from '../../records/member-kinds.ts';
import type { RecordMember } from '../../records/members.ts';
import type { IndexedRecord } from '../../records/indexed-record.ts';
import { derivedMembers, isDerivedMember } from './derived-members.ts';
import { splitsOf } from './field-paths.ts';
import type { WatchedRecord } from './watched-record.ts';

/** A value other than null; each form is computed when first needed. */
export interface FieldValue {
  readonly raw: unknown;
  /** As written; an object as JSON. */
  readonly text: () => string;
  /** As values of the member are compared for equality. */
  readonly normalized: () => string;
  /** As texts are searched, with outer blanks. */
  readonly folded: () => string;
}

/** All values of a field. */
export type FieldReader = (watched: WatchedRecord) => readonly FieldValue[];

/** The reader of a member or path. */
export type Fields = (member: string) => FieldReader;

/**
 * Every comparison with the same member, of whichever rule, shares one reader, which reads each record once: records are
 * checked one after the other.
 */
export function createFields(): Fields {
  const readers = new Map<string, FieldReader>();
  return (member) => {
    const reader = readers.get(member) ?? rememberingLast(readerOf(member));
    readers.set(member, reader);
    return reader;
  };
}

function rememberingLast(read: FieldReader): FieldReader {
  let last: { readonly watched: WatchedRecord; readonly values: readonly FieldValue[] } | undefined;
  return (watched) => {
    if (last?.watched !== watched) last = { watched, values: read(watched) };
    return last.values;
  };
}

function readerOf(member: string): FieldReader {
  const read = rawReaderOf(member);
  const normalized = normalizerOf(member);
  return (watched) => read(watched).flatMap((raw) => toValues(raw, normalized));
}

function rawReaderOf(member: string): (watched: WatchedRecord) => readonly unknown[] {
  if (isDerivedMember(member)) return derivedMembers[member].read;
  if (isRecordMember(member)) return ({ record }) => valuesOfMember(member, record);
  if (member === wholeRecord) return ({ text }) => [text.folded(), ...text.unescaped()];
  const splits = splitsOf(member);
  return ({ text }) => {
    for (const names of splits) {
      const values = valuesAt(text.parsed(), names);
      if (values.length > 0) return withWholeList(values);
    }
    return [];
  };
}

function valuesOfMember(member: RecordMember, record: IndexedRecord): readonly unknown[] {
  if (isTextMember(member)) return valuesOf(record.summary, member);
  const value: unknown = memberValue(member, record);
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((one) => one !== undefined);
}

/** Rules search lists of objects for several names at once: one more value is the list. */
function withWholeList(values: readonly unknown[]): readonly unknown[] {
  return values.length > 1 && values.every(isObject) ? [...values, values] : values;
}

type Normalize = (text: string) => string;

/** Rules search objects as they were printed, some with blanks between members: `"Name": "ForwardTo", "Value"`. */
function toValues(raw: unknown, normalize: Normalize): readonly FieldValue[] {
  if (typeof raw !== 'object') return [toValue(raw, () => textOf(raw), normalize)];
  const printed = (blanks: boolean) => toValue(raw, () => jsonOf(raw, blanks), normalize);
  return [printed(false), printed(true)];
}

function toValue(raw: unknown, write: () => string, normalize: Normalize): FieldValue {
  const text = lazy(write);
  return { raw, text, normalized: lazy(() => normalize(text())), folded: lazy(() => foldCase(text())) };
}

function textOf(raw: unknown): string {
  return typeof raw === 'string' ? raw : String(raw);
}

/** Empty for values nested too deeply to be printed. */
function jsonOf(value: unknown, blanks: boolean): string {
  try {
    if (!blanks) return JSON.stringify(value);
    const lines = JSON.stringify(value, undefined, 1);
    return lines.replaceAll(/,\n */g, ', ').replaceAll(/\n */g, '');
  } catch {
    return '';
  }
}

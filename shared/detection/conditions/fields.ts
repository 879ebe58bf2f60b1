/** Reads the values of a watched record that conditions compare, in the forms in which they compare them. */
import { isObject } from '../../json.ts';
import { rememberLast } from '../../lazy.ts';
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

/**
 * A value other than null; each form is computed when first needed. A class, since there are several for each record:
 * an object costs less than a function for each form.
 */
export class FieldValue {
  readonly raw: unknown;
  readonly #write: (raw: unknown) => string;
  readonly #normalize: Normalize;
  #text: string | undefined;
  #normalized: string | undefined;
  #folded: string | undefined;

  constructor(raw: unknown, write: (raw: unknown) => string, normalize: Normalize) {
    this.raw = raw;
    this.#write = write;
    this.#normalize = normalize;
  }

  /** As written; an object as JSON. */
  get text(): string {
    return (this.#text ??= this.#write(this.raw));
  }

  /** As values of the member are compared for equality. */
  get normalized(): string {
    return (this.#normalized ??= this.#normalize(this.text));
  }

  /** As texts are searched, with outer blanks. */
  get folded(): string {
    return (this.#folded ??= foldCase(this.text));
  }
}

type Normalize = (text: string) => string;

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
    const reader = readers.get(member) ?? rememberLast(readerOf(member));
    readers.set(member, reader);
    return reader;
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

/** Rules search objects as they were printed, some with blanks between members: `"Name": "ForwardTo", "Value"`. */
function toValues(raw: unknown, normalize: Normalize): readonly FieldValue[] {
  if (typeof raw !== 'object') return [new FieldValue(raw, textOf, normalize)];
  return [new FieldValue(raw, compactJson, normalize), new FieldValue(raw, spacedJson, normalize)];
}

function textOf(raw: unknown): string {
  return typeof raw === 'string' ? raw : String(raw);
}

function compactJson(raw: unknown): string {
  return printed(() => JSON.stringify(raw));
}

function spacedJson(raw: unknown): string {
  return printed(() => JSON.stringify(raw, undefined, 1).replaceAll(/,\n */g, ', ').replaceAll(/\n */g, ''));
}

/** Empty for values nested too deeply to be printed. */
function printed(print: () => string): string {
  try {
    return print();
  } catch {
    return '';
  }
}

/** Reads the values that a filter compares, in the forms in which it compares them. */
import { lazy } from '../../lazy.ts';
import { isRecordMember, isTextMember, normalizerOf, valuesOf } from '../../records/member-kinds.ts';
import type { IndexedRecord } from '../../records/indexed-record.ts';
import { parseRecordTime } from '../../records/record-time.ts';
import { foldCase, type RecordText } from '../matching/free-text.ts';
import { memberValue } from '../public-record.ts';
import { typeOfMember } from './filter-members.ts';
import { namesOfPath, valuesAt } from './path-values.ts';

/** A value of a record; each form is computed when first needed. */
export interface ReadValue {
  /** As delivered; undefined if it is absent. Moments of members are epoch milliseconds. */
  readonly raw: unknown;
  /** Characters of a text; 0 for anything else. */
  readonly size: number;
  /** A text as its member is compared; undefined for anything else. */
  readonly normalized: () => string | undefined;
  /** A text as it is searched, with its outer blanks; undefined for anything else. */
  readonly folded: () => string | undefined;
  /** Epoch milliseconds; undefined unless it is a moment. */
  readonly moment: () => number | undefined;
}

/**
 * All values, of which one has to match; an absent one if there are none. Undefined when the text is needed and was not
 * given.
 */
type Reading = (record: IndexedRecord, text: RecordText | undefined) => readonly ReadValue[] | undefined;

/** The reading of a member or path. */
export type Readings = (member: string) => Reading;

/**
 * All comparisons with the same member share one reading, which computes each form of a value once a record. A record
 * has few values and a filter may have hundreds of comparisons, so this is most of what a long filter costs.
 */
export function createReadings(): Readings {
  const readings = new Map<string, Reading>();
  return (member) => {
    const reading = readings.get(member) ?? readingOf(member);
    readings.set(member, reading);
    return reading;
  };
}

function readingOf(member: string): Reading {
  if (isRecordMember(member)) {
    const isMoment = typeOfMember(member) === 'moment';
    const read = rememberingLast((record: IndexedRecord) => {
      if (isTextMember(member)) return toValues(member, valuesOf(record.summary, member));
      const value = memberValue(member, record);
      return toValues(member, [isMoment && typeof value === 'string' ? Date.parse(value) : value]);
    });
    return (record) => read(record);
  }
  const names = namesOfPath(member);
  const read = rememberingLast((text: RecordText) => toValues(member, valuesAt(text.parsed(), names)));
  return (_, text) => (text === undefined ? undefined : read(text));
}

/** Records are checked one after the other. */
function rememberingLast<A, T>(make: (argument: A) => T): (argument: A) => T {
  let last: { readonly argument: A; readonly value: T } | undefined;
  return (argument) => {
    if (last?.argument !== argument) last = { argument, value: make(argument) };
    return last.value;
  };
}

function toValues(member: string, raw: readonly unknown[]): readonly ReadValue[] {
  return (raw.length === 0 ? [undefined] : raw).map((one) => toValue(member, one));
}

function toValue(member: string, raw: unknown): ReadValue {
  const inForm = (form: (text: string) => string) =>
    lazy(() => (typeof raw === 'string' ? form(raw) : undefined));
  return {
    raw,
    size: typeof raw === 'string' ? raw.length : 0,
    normalized: inForm(normalizerOf(member)),
    folded: inForm(foldCase),
    moment: lazy(() => (typeof raw === 'number' ? raw : momentOfRecord(raw))),
  };
}

/** Days without a time are those of UTC. */
function momentOfRecord(value: unknown): number | undefined {
  const day = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T00:00` : value;
  return parseRecordTime(day)?.getTime();
}

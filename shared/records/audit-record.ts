/** An audit record: its exact text, and what the index needs of it. */
import type { ContentType } from '../activity/content-types.ts';
import { isObject, type JsonObject } from '../json.ts';
import { contentHash } from './canonical.ts';
import { addressesIn } from './client-address.ts';
import { parseText, type DeliveredText } from './delivered-text.ts';
import { codeMembers, furtherMembers, listMembers, textMembers, textRows } from './member-kinds.ts';
import type { CodeMember, ListMember, Writable } from './member-kinds.ts';
import { deliveredMembers, type FurtherValues, type RecordSummary } from './delivered-members.ts';
import type { RecordSource } from './indexed-record.ts';
import type { DeliveredMember } from './member-declaration.ts';
import { normalize, type TextKind } from './normalize.ts';
import { parseCreationTime } from './record-time.ts';
import { codeNumbers } from './record-types.ts';

/** One line of a raw blob, understood as far as it can be; the bytes are UTF-8, but not guaranteed to be valid. */
export interface AuditRecord extends DeliveredText {
  /** Lower-case GUID; `x-` and a hash of the content if the record has none. */
  readonly id: string;
  /** Undefined if the record has no readable time. */
  readonly createdDateTime: Date | undefined;
  readonly summary: RecordSummary;
  /** SHA-256 that does not depend on key order. */
  readonly contentHash: Buffer;
  /** False for text that is not a JSON object, and for the beginning of one. */
  readonly understood: boolean;
}

/** How a record was delivered. */
export interface Delivery {
  readonly contentType: ContentType;
  readonly contentCreated: Date;
  readonly landedAt: Date;
  readonly source: RecordSource;
}

/**
 * Never throws: a record that cannot be understood still has an id and its text. Of a truncated one, the members that
 * are whole in its beginning are read.
 */
export function parseRecord(bytes: Buffer, truncated = false): AuditRecord {
  const value = parseText({ bytes, truncated });
  const fields = isObject(value) ? value : undefined;
  const hash = contentHash(bytes, truncated ? undefined : fields);
  return {
    id: recordIdOf(fields?.['Id']) ?? derivedId(hash),
    createdDateTime: parseCreationTime(fields?.['CreationTime']),
    summary: fields === undefined ? {} : summaryOf(fields),
    bytes,
    truncated,
    contentHash: hash,
    understood: fields !== undefined && !truncated,
  };
}

/** The id of a record without one, or whose Id another record already has. */
export function derivedId(hash: Buffer): string {
  return `x-${hash.toString('hex').slice(0, 32)}`;
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Undefined unless the value is a GUID, as which Microsoft writes ids. */
export function recordIdOf(value: unknown): string | undefined {
  const id = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return guid.test(id) ? id : undefined;
}

function summaryOf(fields: JsonObject): RecordSummary {
  const summary: Writable<RecordSummary> = {};
  for (const name of textMembers) summary[name] = textsOfMember(fields, textRows[name])[0];
  const further = furtherIn(fields);
  if (Object.keys(further).length > 0) summary.further = further;
  for (const name of codeMembers) summary[name] = codeIn(fields, deliveredMembers[name]);
  for (const name of listMembers) summary[name] = textsIn(fields, deliveredMembers[name]);
  return summary;
}

function furtherIn(fields: JsonObject): FurtherValues {
  const further: Writable<FurtherValues> = {};
  for (const name of furtherMembers) {
    const values = textRows[name].named?.names(fields) ?? textsOfMember(fields, textRows[name]).slice(1);
    if (values.length > 0) further[name] = values;
  }
  return further;
}

/** The values that the member is found by, each once; the first one is shown. */
function textsOfMember(
  fields: JsonObject,
  { kind, from, several, implied }: DeliveredMember & { readonly kind: TextKind },
): readonly string[] {
  const all = from.flatMap((field) => textsInField(fields[field], kind));
  if (all.length === 0) return [implied?.(fields)].flatMap((text) => text ?? []);
  return several === true ? distinct(all, normalize[kind]).slice(0, maxValues) : all.slice(0, 1);
}

function textsInField(value: unknown, kind: TextKind): readonly string[] {
  if (kind !== 'address') return [textOf(value)].flatMap((text) => text ?? []);
  const texts = (Array.isArray(value) ? value : [value]).flatMap((one: unknown) => textOf(one) ?? []);
  return texts.flatMap(addressesIn);
}

function distinct(values: readonly string[], same: (value: string) => string): readonly string[] {
  const first = new Map<string, string>();
  for (const value of values) if (!first.has(same(value))) first.set(same(value), value);
  return [...first.values()];
}

function codeIn(
  fields: JsonObject,
  { kind, from }: (typeof deliveredMembers)[CodeMember],
): number | undefined {
  const text = textOf(fields[from[0]]);
  return text === undefined ? undefined : codeNumbers[kind](text)[0];
}

function textsIn(
  fields: JsonObject,
  { from }: (typeof deliveredMembers)[ListMember],
): readonly string[] | undefined {
  const value = fields[from[0]];
  const texts = (Array.isArray(value) ? value : [value]).flatMap((one: unknown) => textOf(one) ?? []);
  return texts.length === 0 ? undefined : texts.slice(0, maxTexts);
}

/** Texts that mean "no value" in every field. */
const noValue: ReadonlySet<string> = new Set(['', '<null>', '__NULL__']);

/**
 * Longer values are truncated in summaries, so that a row always fits; the longest ObjectId seen had 1,758 characters.
 * The record itself is never truncated.
 */
export const maxValueLength = 2000;

/** The text as delivered; a number or boolean as its text; undefined for no value. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string' || noValue.has(value.trim())) return undefined;
  return value.length > maxValueLength ? `${value.slice(0, maxValueLength)}…` : value;
}

/** Each value costs a row; no record is known to have more than three. */
const maxValues = 20;

/** A row must fit into storage; no record is known to name a tenth of this many. */
const maxTexts = 500;

/** An audit record: its exact text, and what the index needs of it. */
import type { ContentType } from '../activity/content-types.ts';
import { isObject, parseJson, type JsonObject } from '../json.ts';
import { contentHash } from './canonical.ts';
import { canonicalAddress } from './client-address.ts';
import { codeMembers, listMembers, textMembers } from './member-kinds.ts';
import type { CodeMember, ListMember, Writable } from './member-kinds.ts';
import { deliveredMembers, type DeliveredMember, type RecordSummary } from './members.ts';
import { parseCreationTime } from './record-time.ts';
import { codeNumbers } from './record-types.ts';

/** One line of a raw blob, understood as far as it can be. */
export interface AuditRecord {
  /** Lower-case GUID; `x-` and a hash of the content if the record has none. */
  readonly id: string;
  /** Undefined if the record has no readable time. */
  readonly createdDateTime: Date | undefined;
  readonly summary: RecordSummary;
  /** The exact bytes as delivered: UTF-8, but not guaranteed to be valid. */
  readonly bytes: Buffer;
  /** SHA-256 that does not depend on key order. */
  readonly contentHash: Buffer;
  /** False for text that is not a JSON object. */
  readonly understood: boolean;
}

/** How a record was delivered. */
export interface Delivery {
  readonly contentType: ContentType;
  readonly contentCreated: Date;
  readonly landedAt: Date;
}

/** Never throws: a record that cannot be understood still has an id and its text. */
export function parseRecord(bytes: Buffer): AuditRecord {
  const value = parseJson(bytes.toString('utf8'));
  const fields = isObject(value) ? value : undefined;
  const hash = contentHash(bytes, fields);
  return {
    id: idOf(fields?.['Id']) ?? derivedId(hash),
    createdDateTime: parseCreationTime(fields?.['CreationTime']),
    summary: fields === undefined ? {} : summaryOf(fields),
    bytes,
    contentHash: hash,
    understood: fields !== undefined,
  };
}

/** The id of a record without one, or whose Id another record already has. */
export function derivedId(hash: Buffer): string {
  return `x-${hash.toString('hex').slice(0, 32)}`;
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function idOf(value: unknown): string | undefined {
  const id = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return guid.test(id) ? id : undefined;
}

function summaryOf(fields: JsonObject): RecordSummary {
  const summary: Writable<RecordSummary> = {};
  for (const name of textMembers) summary[name] = textIn(fields, deliveredMembers[name]);
  for (const name of codeMembers) summary[name] = codeIn(fields, deliveredMembers[name]);
  for (const name of listMembers) summary[name] = textsIn(fields, deliveredMembers[name]);
  return summary;
}

function textIn(fields: JsonObject, { kind, from }: DeliveredMember): string | undefined {
  for (const field of from) {
    const text = textOf(fields[field]);
    if (text === undefined) continue;
    if (kind !== 'address') return text;
    if (!absentAddress.has(text.toLowerCase())) return canonicalAddress(text);
  }
  return undefined;
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

/** Words that are delivered in place of an address. */
const absentAddress: ReadonlySet<string> = new Set(['null', 'not available', 'unknown', 'none', 'not-found']);

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

/** A row must fit into storage; no record is known to name a tenth of this many. */
const maxTexts = 500;

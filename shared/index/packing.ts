/** Packs texts and summaries: Azure bills two bytes a character, and every record is stored up to eight times. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { isObject } from '../json.ts';
import { contentTypeOfLetter, letterOfContentType } from '../activity/content-types.ts';
import {
  codeMembers,
  deliveredNames,
  deliveredRows,
  listMembers,
  furtherMembers,
  textMembers,
} from '../records/member-kinds.ts';
import type { Writable } from '../records/member-kinds.ts';
import {
  deliveredMembers,
  type DeliveredName,
  type FurtherValues,
  type RecordSummary,
} from '../records/delivered-members.ts';
import { recordSources, type CreatedSource, type IndexedRecord } from '../records/indexed-record.ts';
import { textDictionary } from './packing-dictionary.ts';

/** What a row holds of a record. Its id and time are in the key. */
export type PackedSummary = Omit<IndexedRecord, 'id' | 'createdDateTime'>;

/** A summary as a row holds it. */
export interface StoredSummary extends PackedSummary {
  /** Packed before the newest members were added: their values are only in the text of the record. */
  readonly isLegacy: boolean;
}

/** First byte of everything packed: which dictionary and layout it was packed with. */
const version = 1;
const versionByte = Buffer.from([version]);
/** In its place: the bytes that follow are as they were. Only in memory, where packing them would be in vain. */
const plain = 255;
const plainByte = Buffer.from([plain]);

/** A text of at most this many bytes is unpacked from a row; a larger one is read from the raw blob. */
const maxUnpackedBytes = 64 * 1024 * 1024;

/** Most texts fit: zlib's 16 KiB for each would take longer to make than the text takes to unpack. */
const unpackedAtOnce = 4096;

const createdSources: readonly CreatedSource[] = ['record', 'contentCreated', 'ingested'];

/** Slots of what is not a delivered member. */
const slots = { createdSource: 13, contentType: 14, ingestedDateTime: 15, further: 18, source: 19 } as const;
const organizationSlot = deliveredMembers.organizationId.stored.slot;

/** Every row has these; what follows is left out if it is absent, so that rows without it are the same as before. */
const slotCount = 18;

/** Slots of the first rows that were ever packed. */
const originalSlots = 16;

/** Whether rows hold the member whenever they were packed; see {@link StoredSummary}. */
export function isOriginalMember(name: DeliveredName): boolean {
  return deliveredRows[name].stored.slot < originalSlots;
}

/** Binary that {@link unpackText} restores to the exact bytes. */
export function packText(text: Buffer): Buffer {
  return pack(text, { level: 6 });
}

/** Binary that {@link unpackSummary} restores; the tenant's own organizationId is left out. */
export function packSummary({ summary, ...rest }: PackedSummary, tenantId: string): Buffer {
  const fields: unknown[] = Array.from({ length: slotCount });
  for (const name of deliveredNames) fields[deliveredRows[name].stored.slot] = summary[name];
  const { organizationId = null } = summary;
  fields[organizationSlot] = organizationId === tenantId ? undefined : organizationId;
  fields[slots.createdSource] = createdSources.indexOf(rest.createdSource);
  fields[slots.contentType] = letterOfContentType(rest.contentType);
  fields[slots.ingestedDateTime] = rest.ingestedDateTime.getTime();
  if (summary.further !== undefined) fields[slots.further] = packFurther(summary.further);
  // Rows of the feed are the same as before there were other sources.
  if (rest.source !== 'feed') fields[slots.source] = recordSources.indexOf(rest.source);
  // JSON has no undefined in arrays: absent is []. For organizationId that means the tenant's own; absent is null.
  const json = JSON.stringify(Array.from(fields, (field) => (field === undefined ? [] : field)));
  return pack(Buffer.from(json, 'utf8'), { level: 6, windowBits: 12, memLevel: 6 });
}

/** @throws Error when the bytes are not what {@link packSummary} made */
export function unpackSummary(packed: Uint8Array, tenantId: string): StoredSummary {
  const fields: unknown = JSON.parse(unpackText(packed).toString('utf8'));
  if (!Array.isArray(fields)) throw new Error('The packed summary is damaged.');
  const summary: Writable<RecordSummary> = {};
  for (const name of textMembers) summary[name] = textOf(fields[deliveredMembers[name].stored.slot]);
  for (const name of codeMembers) summary[name] = numberOf(fields[deliveredMembers[name].stored.slot]);
  for (const name of listMembers) summary[name] = textsOf(fields[deliveredMembers[name].stored.slot]);
  if (Array.isArray(fields[organizationSlot])) summary.organizationId = tenantId;
  const further = unpackFurther(fields[slots.further]);
  if (further !== undefined) summary.further = further;
  return { summary, ...originOf(fields), isLegacy: fields.length < slotCount };
}

/** Whether two packed values unpack to the same; releases of zlib may pack it in different bytes. */
export function isSamePacked(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0 || unpackText(a).equals(unpackText(b));
}

/** Where a record and its time came from. */
function originOf(fields: readonly unknown[]): Omit<PackedSummary, 'summary'> {
  return {
    createdSource: createdSources[numberOf(fields[slots.createdSource]) ?? 0] ?? 'record',
    contentType: contentTypeOfLetter(textOf(fields[slots.contentType]) ?? '') ?? 'Audit.General',
    source: recordSources[numberOf(fields[slots.source]) ?? 0] ?? 'feed',
    ingestedDateTime: new Date(numberOf(fields[slots.ingestedDateTime]) ?? 0),
  };
}

/** By slot: names of members may change. */
function packFurther(further: FurtherValues): Readonly<Record<string, readonly string[]>> {
  const entries = furtherMembers.map(
    (name) => [deliveredRows[name].stored.slot, further[name] ?? []] as const,
  );
  return Object.fromEntries(entries.filter(([, values]) => values.length > 0));
}

function unpackFurther(packed: unknown): FurtherValues | undefined {
  if (!isObject(packed)) return undefined;
  const further: Writable<FurtherValues> = {};
  for (const name of furtherMembers) {
    const values = textsOf(packed[deliveredRows[name].stored.slot]);
    if (values !== undefined) further[name] = values;
  }
  return further;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function textsOf(value: unknown): readonly string[] | undefined {
  const all = (Array.isArray(value) ? value : []).filter((one: unknown) => typeof one === 'string');
  return all.length === 0 ? undefined : all;
}

function pack(bytes: Buffer, options: { level: number; windowBits?: number; memLevel?: number }): Buffer {
  return Buffer.concat([versionByte, deflateRawSync(bytes, { ...options, dictionary: textDictionary })]);
}

/** @throws Error when the bytes are not what {@link packText} made */
export function unpackText(packed: Uint8Array, maxOutputLength = maxUnpackedBytes): Buffer {
  if (packed[0] === plain) return Buffer.from(packed.subarray(1));
  if (packed[0] !== version)
    throw new Error(`Unknown packing version ${packed[0] ?? 'none'}: this release reads version ${version}.`);
  return inflateRawSync(packed.subarray(1), {
    dictionary: textDictionary,
    maxOutputLength,
    chunkSize: unpackedAtOnce,
  });
}

/** What {@link unpackText} and {@link unpackSummary} restore the bytes from, without having packed them. */
export function asPacked(bytes: Uint8Array): Buffer {
  return Buffer.concat([plainByte, bytes]);
}

/** What was packed; undefined when it is not what {@link packText} made, or is longer. */
export function unpackedIfShort(packed: Uint8Array, maxBytes: number): Buffer | undefined {
  try {
    return unpackText(packed, maxBytes);
  } catch {
    return undefined;
  }
}

/** Packs texts and summaries small: Azure bills two bytes a character, and every record is stored seven times. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { contentTypeOfLetter, letterOfContentType, type ContentType } from '../activity/content-types.ts';
import type { CreatedSource, RecordSummary } from '../records/audit-record.ts';
import { textDictionary } from './packing-dictionary.ts';

/** What a row shows of a record besides its id and time, which are in its key. */
export interface PackedSummary {
  readonly summary: RecordSummary;
  readonly createdSource: CreatedSource;
  readonly contentType: ContentType;
  readonly ingestedDateTime: Date;
}

/** A summary as a row holds it. */
export interface StoredSummary extends PackedSummary {
  /** Packed before siteId and administrativeUnits were held: only the record's text tells them. */
  readonly isLegacy: boolean;
}

/** First byte of everything packed: which dictionary and layout it was packed with. */
const version = 1;
const versionByte = Buffer.from([version]);

/** A text of at most this many bytes is worth unpacking from a row; more is read from the raw blob. */
const maxUnpackedBytes = 64 * 1024 * 1024;

const createdSources: readonly CreatedSource[] = ['record', 'contentCreated', 'ingested'];

/** Binary that {@link unpackText} restores to the exact bytes. */
export function packText(text: Buffer): Buffer {
  return pack(text, { level: 6 });
}

/** @throws Error when the bytes are not what {@link packText} made */
export function unpackText(packed: Uint8Array): Buffer {
  return unpack(packed);
}

/** Binary that {@link unpackSummary} restores; the tenant's own organizationId is left out. */
export function packSummary({ summary, ...rest }: PackedSummary, tenantId: string): Buffer {
  const organizationId = summary.organizationId === tenantId ? undefined : (summary.organizationId ?? null);
  const fields = [
    ...[summary.operation, summary.userId, summary.userType, summary.userKey, summary.service],
    ...[summary.objectId, summary.clientIp, summary.resultStatus, summary.siteUrl, summary.mailboxOwner],
    ...[summary.teamId, organizationId, summary.recordType],
    ...[createdSources.indexOf(rest.createdSource), letterOfContentType(rest.contentType)],
    ...[rest.ingestedDateTime.getTime(), summary.siteId, summary.administrativeUnits],
  ];
  // JSON has no undefined in arrays: absent is []. For organizationId that means the tenant's own; none is null.
  const json = JSON.stringify(fields.map((field) => (field === undefined ? [] : field)));
  return pack(Buffer.from(json, 'utf8'), { level: 6, windowBits: 12, memLevel: 6 });
}

/** Fields that summaries had at first; later ones were appended. */
const fieldsAtFirst = 16;

/** @throws Error when the bytes are not what {@link packSummary} made */
export function unpackSummary(packed: Uint8Array, tenantId: string): StoredSummary {
  const fields: unknown = JSON.parse(unpack(packed).toString('utf8'));
  if (!Array.isArray(fields)) throw new Error('The packed summary is damaged.');
  const text = (index: number) => (typeof fields[index] === 'string' ? fields[index] : undefined);
  const number = (index: number) => (typeof fields[index] === 'number' ? fields[index] : undefined);
  return {
    summary: {
      ...{ operation: text(0), userId: text(1), userType: number(2), userKey: text(3), service: text(4) },
      ...{
        objectId: text(5),
        clientIp: text(6),
        resultStatus: text(7),
        siteUrl: text(8),
        mailboxOwner: text(9),
      },
      ...{
        teamId: text(10),
        recordType: number(12),
        siteId: text(16),
        administrativeUnits: texts(fields[17]),
      },
      organizationId: Array.isArray(fields[11]) ? tenantId : text(11),
    },
    createdSource: createdSources[number(13) ?? 0] ?? 'record',
    contentType: contentTypeOfLetter(text(14) ?? '') ?? 'Audit.General',
    ingestedDateTime: new Date(number(15) ?? 0),
    isLegacy: fields.length <= fieldsAtFirst,
  };
}

function texts(value: unknown): readonly string[] | undefined {
  const all = (Array.isArray(value) ? value : []).filter((one: unknown) => typeof one === 'string');
  return all.length === 0 ? undefined : all;
}

function pack(bytes: Buffer, options: { level: number; windowBits?: number; memLevel?: number }): Buffer {
  return Buffer.concat([versionByte, deflateRawSync(bytes, { ...options, dictionary: textDictionary })]);
}

function unpack(packed: Uint8Array): Buffer {
  if (packed[0] !== version)
    throw new Error(`Packed with version ${packed[0] ?? 'none'}, which is not known here.`);
  return inflateRawSync(packed.subarray(1), {
    dictionary: textDictionary,
    maxOutputLength: maxUnpackedBytes,
  });
}

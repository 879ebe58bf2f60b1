/** An audit record: its exact text, and what the index needs to know of it. */
import type { ContentType } from '../activity/content-types.ts';
import { contentHash } from './canonical.ts';
import { canonicalAddress } from './client-address.ts';
import { recordTypeNumber, userTypeNumber } from './record-types.ts';

/** What lists show of a record; names as in Microsoft Graph's auditLogRecord. Absent means not delivered. */
export interface RecordSummary {
  readonly operation?: string | undefined;
  readonly userId?: string | undefined;
  readonly userType?: number | undefined;
  readonly userKey?: string | undefined;
  readonly service?: string | undefined;
  readonly objectId?: string | undefined;
  /** Bare and canonical; the delivered text is in the record. */
  readonly clientIp?: string | undefined;
  readonly resultStatus?: string | undefined;
  readonly siteUrl?: string | undefined;
  /** The GUID of the site collection. */
  readonly siteId?: string | undefined;
  readonly mailboxOwner?: string | undefined;
  readonly teamId?: string | undefined;
  /** Ids of the administrative units that the record belongs to; never empty. */
  readonly administrativeUnits?: readonly string[] | undefined;
  readonly organizationId?: string | undefined;
  readonly recordType?: number | undefined;
}

/** Where createdDateTime is from; anything but `record` means that the record did not say it intelligibly. */
export type CreatedSource = 'record' | 'contentCreated' | 'ingested';

/** One line of a raw blob, understood as far as it can be. */
export interface AuditRecord {
  /** Lower-case GUID; `x-` and a hash of the content where the record has none. */
  readonly id: string;
  /** Undefined when the record does not say, or not intelligibly. */
  readonly createdDateTime: Date | undefined;
  readonly summary: RecordSummary;
  /** The exact bytes as delivered: UTF-8, but nobody promises that it is valid. */
  readonly bytes: Buffer;
  /** SHA-256 that does not depend on key order. */
  readonly contentHash: Buffer;
  /** False for text that is no JSON object. */
  readonly understood: boolean;
}

/** How a record came to us. */
export interface Delivery {
  readonly contentType: ContentType;
  readonly contentCreated: Date;
  readonly landedAt: Date;
}

/** Never throws: what cannot be understood still has an id and its text. */
export function parseRecord(bytes: Buffer): AuditRecord {
  const fields = parseObject(bytes.toString('utf8'));
  const hash = contentHash(bytes, fields);
  return {
    id: idOf(fields?.['Id']) ?? derivedId(hash),
    createdDateTime: parseCreationTime(fields?.['CreationTime']),
    summary: fields === undefined ? {} : summarise(fields),
    bytes,
    contentHash: hash,
    understood: fields !== undefined,
  };
}

/** The id of a record that has none, or whose Id another record already bears. */
export function derivedId(hash: Buffer): string {
  return `x-${hash.toString('hex').slice(0, 32)}`;
}

type Fields = Readonly<Record<string, unknown>>;

function parseObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    // The parser's message repeats the text, so it goes no further; the caller counts the record.
    return undefined;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function idOf(value: unknown): string | undefined {
  const id = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return guid.test(id) ? id : undefined;
}

/** What the index can hold: from 1970 to November 2286. */
export const earliestTime = new Date(0);
export const latestTime = new Date(9_999_999_999_999);

/** False for days such as 2026-02-30, which Date would move into March. */
export function isCalendarDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

const creationTime = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(Z|[+-]\d{2}:?\d{2})?$/;

/** Zone-less times are UTC. Undefined unless the value is a moment between 1970 and 2286. */
export function parseCreationTime(value: unknown): Date | undefined {
  const match = typeof value === 'string' ? creationTime.exec(value.trim()) : null;
  const [, day = '', time = '', zone = 'Z'] = match ?? [];
  if (match === null || !isCalendarDay(day)) return undefined;
  const date = new Date(`${day}T${time}${zone}`);
  return date >= earliestTime && date <= latestTime ? date : undefined;
}

function summarise(fields: Fields): RecordSummary {
  return {
    operation: textOf(fields['Operation']),
    userId: textOf(fields['UserId']),
    userType: numberOf(fields['UserType'], userTypeNumber),
    userKey: textOf(fields['UserKey']),
    service: textOf(fields['Workload']),
    objectId: textOf(fields['ObjectId']),
    clientIp: addressOf(fields),
    resultStatus: textOf(fields['ResultStatus']),
    siteUrl: textOf(fields['SiteUrl']),
    siteId: textOf(fields['Site']),
    mailboxOwner: textOf(fields['MailboxOwnerUPN']),
    teamId: textOf(fields['AADGroupId']) ?? textOf(fields['TeamGuid']),
    administrativeUnits: textsOf(fields['AssociatedAdminUnits']),
    organizationId: textOf(fields['OrganizationId']),
    recordType: numberOf(fields['RecordType'], recordTypeNumber),
  };
}

function addressOf(fields: Fields): string | undefined {
  const delivered = ['ClientIP', 'ClientIPAddress', 'ActorIpAddress'].map((name) => textOf(fields[name]));
  const present = delivered.find((text) => text !== undefined && !absentAddress.has(text.toLowerCase()));
  return present === undefined ? undefined : canonicalAddress(present);
}

/** Words that stand where an address would. */
const absentAddress: ReadonlySet<string> = new Set(['null', 'not available', 'unknown', 'none', 'not-found']);

/** Texts that mean "nothing" in every field. */
const nothing: ReadonlySet<string> = new Set(['', '<null>', '__NULL__']);

/**
 * Longer values are cut in summaries, so that a row always fits; the longest ObjectId seen had 1,758 characters.
 * The record itself is never cut.
 */
export const maxValueLength = 2000;

/** The text as delivered; a number or boolean as its text; undefined for nothing. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string' || nothing.has(value.trim())) return undefined;
  return value.length > maxValueLength ? `${value.slice(0, maxValueLength)}…` : value;
}

function numberOf(value: unknown, parse: (text: string) => number | undefined): number | undefined {
  const text = textOf(value);
  return text === undefined ? undefined : parse(text);
}

/** A row must fit into storage; nobody is known to be in a tenth as many units. */
const maxTexts = 500;

function textsOf(value: unknown): readonly string[] | undefined {
  const texts = (Array.isArray(value) ? value : [value]).flatMap((one: unknown) => textOf(one) ?? []);
  return texts.length === 0 ? undefined : texts.slice(0, maxTexts);
}

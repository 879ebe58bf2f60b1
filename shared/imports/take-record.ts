/** Decides whether a row of a file becomes a record of a tenant. */
import { feedRetentionMs } from '../activity/windows.ts';
import { maxLineBytes } from '../index/read-lines.ts';
import { isObject, parseJson, type JsonObject } from '../json.ts';
import { recordIdOf } from '../records/audit-record.ts';
import { parseCreationTime } from '../records/record-time.ts';
import { UnreadableFileError } from './errors.ts';
import type { RefusalReason } from './import.ts';
import type { PlacedText } from './json-texts.ts';
import { recordOf } from './row-record.ts';

/** What a row comes to. */
export type Taken = { readonly text: Buffer } | { readonly reason: RefusalReason };

/** Microsoft 365 is younger; each month has a table of its own, so a wrong clock must not make thousands. */
const earliest = new Date('2010-01-01T00:00:00Z');
const dayMs = 24 * 60 * 60_000;
/**
 * What the feed may still deliver, which announces it: an import that came first would make it old news. A day more,
 * because content is published hours after its records were made.
 */
const recentMs = feedRetentionMs + dayMs;

/** What records of this tenant must be, as of now. */
export interface Expected {
  readonly tenantId: string;
  readonly now: Date;
  /** Records that the feed may still deliver are taken as well. */
  readonly mayBeRecent?: boolean;
  /** Older records would be deleted at once; absent: none is too old. */
  readonly keptFrom?: Date | undefined;
}

/** With what a tool wrote around a record, and its escapes. */
const maxRowCharacters = 2 * maxLineBytes;

/** The exact text of the row's record, or why the row is refused. */
export function takeRecord(row: PlacedText, expected: Expected): Taken {
  if (row.value.length > maxRowCharacters) return { reason: 'tooLarge' };
  const text = textOf(row);
  if (text === undefined) return { reason: 'notARecord' };
  const bytes = Buffer.from(text);
  if (bytes.length > maxLineBytes) return { reason: 'tooLarge' };
  const fields = parseJson(text);
  const reason = isObject(fields) ? flawOf(fields, expected) : 'notARecord';
  return reason === undefined ? { text: bytes } : { reason };
}

/** As {@link takeRecord}, of a record that is parsed already. */
export function takeFields(fields: JsonObject | undefined, expected: Expected): Taken {
  if (fields === undefined) return { reason: 'notARecord' };
  const text = Buffer.from(JSON.stringify(fields));
  if (text.length > maxLineBytes) return { reason: 'tooLarge' };
  const reason = flawOf(fields, expected);
  return reason === undefined ? { text } : { reason };
}

function textOf({ value, place }: PlacedText): string | undefined {
  try {
    return recordOf(value, place);
  } catch (error) {
    // A RangeError: it is nested more deeply than can be written again.
    if (error instanceof UnreadableFileError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function flawOf(fields: JsonObject, expected: Expected): RefusalReason | undefined {
  const { OrganizationId, Id, Operation, UserId, CreationTime } = fields;
  // First, so that nothing else is said of the records of another tenant.
  if (!isText(OrganizationId)) return 'noTenant';
  if (OrganizationId.trim().toLowerCase() !== expected.tenantId) return 'otherTenant';
  if (recordIdOf(Id) === undefined) return 'noId';
  const flaw = flawOfTime(parseCreationTime(CreationTime), expected);
  if (flaw !== undefined) return flaw;
  if (!isText(Operation)) return 'noOperation';
  return isText(UserId) ? undefined : 'noUser';
}

function flawOfTime(
  time: Date | undefined,
  { now, mayBeRecent, keptFrom }: Expected,
): RefusalReason | undefined {
  if (time === undefined) return 'noTime';
  const age = now.getTime() - time.getTime();
  if (time < earliest || age < -dayMs) return 'implausibleTime';
  if (mayBeRecent !== true && age < recentMs) return 'tooRecent';
  return keptFrom !== undefined && time < keptFrom ? 'pastRetention' : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

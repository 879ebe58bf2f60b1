/** Keys of the index: one table per tenant and month, one partition per dimension, newest first. */
import { createHash } from 'node:crypto';
import {
  hasNames,
  namesOf,
  textMembers,
  textRows,
  valuesOf,
  type TextMember,
} from '../records/member-kinds.ts';
import type { RecordSummary } from '../records/delivered-members.ts';
import { memberDimensions } from '../records/member-declaration.ts';
import { normalize } from '../records/normalize.ts';

/** What a record can be found by. By its id it is found through its claim. */
export const dimensions = ['time', ...memberDimensions] as const;
export type Dimension = (typeof dimensions)[number];

/** `yyyyMM`, UTC. */
export type Month = string;

const latest = 9_999_999_999_999;

/** 13 digits that sort newest first. */
export function invertedTime(date: Date): string {
  return String(latest - date.getTime()).padStart(13, '0');
}

/** The inverse of {@link invertedTime}. */
export function dateOfInverted(inverted: string): Date {
  return new Date(latest - Number(inverted));
}

export function monthOf(date: Date): Month {
  return date.toISOString().slice(0, 7).replace('-', '');
}

/** The inverse of {@link monthOf}. */
export function startOfMonth(month: Month): Date {
  return new Date(`${month.slice(0, 4)}-${month.slice(4)}-01T00:00:00.000Z`);
}

/** Names of a tenant's own tables. */
export type TenantTable = `audit${string}`;

/** Offboarding drops all tables with the prefix, retention drops one month's table. */
export function tablePrefix(tenantId: string): TenantTable {
  return `audit${tenantId.replaceAll('-', '')}`;
}

/** Table names are letters and digits only, 63 at most. */
export function indexTableName(tenantId: string, month: Month): TenantTable {
  return `${tablePrefix(tenantId)}${month}`;
}

/** One for all months: a record may be delivered again in any of them. */
export function claimTableName(tenantId: string): TenantTable {
  return `${tablePrefix(tenantId)}claims`;
}

/** First 8 bytes of the value's SHA-256: 16 hex digits in a row key, a signed 64-bit integer in a column. */
export interface ValueHash {
  readonly hex: string;
  readonly int: bigint;
}

/** The same hash for values of a member that count as the same. */
export function valueHash(member: TextMember, value: string): ValueHash {
  const { kind, stored } = textRows[member];
  const digest = createHash('sha256')
    .update(`${stored.salt ?? ''}${normalize[kind](value)}`)
    .digest();
  return { hex: digest.toString('hex', 0, 8), int: digest.readBigInt64BE(0) };
}

/** Members that rows are found or filtered by. */
const hashedMembers = textMembers.filter((name) => {
  const { column, dimension } = textRows[name].stored;
  return column !== undefined || dimension !== undefined;
});

/** Of a member: what is in its column, and each value and name that has a row. */
interface MemberHashes {
  readonly values: readonly ValueHash[];
  readonly names: readonly ValueHash[];
}
export type SummaryHashes = ReadonlyMap<TextMember, MemberHashes>;

/** Hashes of all values that rows are found or filtered by. */
export function hashesOf(summary: RecordSummary): SummaryHashes {
  const hashes = new Map<TextMember, MemberHashes>();
  for (const name of hashedMembers) {
    const values = distinctHashes(name, valuesOf(summary, name));
    const names = hasNames(name) ? distinctHashes(name, namesOf(summary, name)) : values;
    if (names.length > 0) hashes.set(name, { values, names });
  }
  return hashes;
}

function distinctHashes(member: TextMember, values: readonly string[]): readonly ValueHash[] {
  const hashes = values.map((value) => valueHash(member, value));
  return [...new Map(hashes.map((hash) => [hash.hex, hash])).values()];
}

/** Sorts by time within a value: `{inverted time}_{id}`. */
export function positionKey(date: Date, id: string): string {
  return `${invertedTime(date)}_${id}`;
}

/** `{inverted time}_{id}` of a row key, which ends with it. */
export function positionOfKey(rowKey: string): string {
  return /^[0-9a-f]{16}_\d{13}_/.test(rowKey) ? rowKey.slice(17) : rowKey;
}

/** Keys of all rows of a record; its claim is not among them. */
export function dimensionKeys(
  hashes: SummaryHashes,
  position: string,
): readonly { dimension: Dimension; rowKey: string }[] {
  const keys: { dimension: Dimension; rowKey: string }[] = [{ dimension: 'time', rowKey: position }];
  for (const [name, { names }] of hashes) {
    const { dimension } = textRows[name].stored;
    if (dimension === undefined) continue;
    for (const { hex } of names) keys.push({ dimension, rowKey: `${hex}_${position}` });
  }
  return keys;
}

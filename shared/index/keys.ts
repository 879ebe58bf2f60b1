/** Keys of the index: one table per tenant and month, one partition per dimension, newest first. */
import { createHash } from 'node:crypto';
import { textMembers, textRows, valuesOf, type TextMember } from '../records/member-kinds.ts';
import { memberDimensions, type RecordSummary } from '../records/members.ts';
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

/** Each hash of a member once, that of the value that is shown first. */
export type SummaryHashes = ReadonlyMap<TextMember, readonly ValueHash[]>;

/** Hashes of all values that rows are found or filtered by. */
export function hashesOf(summary: RecordSummary): SummaryHashes {
  const hashes = new Map<TextMember, readonly ValueHash[]>();
  for (const name of hashedMembers) {
    const all = valuesOf(summary, name).map((value) => valueHash(name, value));
    const distinct = new Map(all.map((hash) => [hash.hex, hash]));
    if (distinct.size > 0) hashes.set(name, [...distinct.values()]);
  }
  return hashes;
}

/** Sorts by time within a value: `{inverted time}_{id}`. */
export function positionKey(date: Date, id: string): string {
  return `${invertedTime(date)}_${id}`;
}

/** Keys of all rows of a record; its claim is not among them. */
export function dimensionKeys(
  hashes: SummaryHashes,
  position: string,
): readonly { dimension: Dimension; rowKey: string }[] {
  const keys: { dimension: Dimension; rowKey: string }[] = [{ dimension: 'time', rowKey: position }];
  for (const [name, all] of hashes) {
    const { dimension } = textRows[name].stored;
    if (dimension === undefined) continue;
    for (const { hex } of all) keys.push({ dimension, rowKey: `${hex}_${position}` });
  }
  return keys;
}

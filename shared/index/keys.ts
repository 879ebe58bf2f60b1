/** Keys of the index: one table per tenant and month, one partition per dimension, newest first. */
import { createHash } from 'node:crypto';
import type { RecordSummary } from '../records/audit-record.ts';
import { normaliseAddress, normaliseText, normaliseUrl } from '../records/normalise.ts';

/** What a record can be found by, besides its id, which its claim is found by. */
export const dimensions = ['time', 'user', 'operation', 'object', 'container', 'ip'] as const;
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

/** All names of a tenant's own tables. */
export type TenantTable = `audit${string}`;

/** Dropping the prefix off-boards a tenant, dropping one table ends a month's retention. */
export function tablePrefix(tenantId: string): TenantTable {
  return `audit${tenantId.replaceAll('-', '')}`;
}

/** Table names are letters and digits only, 63 at most. */
export function indexTableName(tenantId: string, month: Month): TenantTable {
  return `${tablePrefix(tenantId)}${month}`;
}

/** Claims outlive months: a record may be delivered again in any. */
export function claimTableName(tenantId: string): TenantTable {
  return `${tablePrefix(tenantId)}claims`;
}

/** First 8 bytes of the value's SHA-256: 16 hex digits in a row key, a signed 64-bit integer in a column. */
export interface ValueHash {
  readonly hex: string;
  readonly int: bigint;
}

function hashOf(value: string): ValueHash {
  const digest = createHash('sha256').update(value).digest();
  return { hex: digest.toString('hex', 0, 8), int: digest.readBigInt64BE(0) };
}

/** Same value as {@link RecordSummary} members compare them, same hash. */
export const valueHash = {
  text: (value: string): ValueHash => hashOf(normaliseText(value)),
  address: (value: string): ValueHash => hashOf(normaliseAddress(value)),
  site: (value: string): ValueHash => hashOf(`site:${normaliseUrl(value)}`),
  mailbox: (value: string): ValueHash => hashOf(`mailbox:${normaliseText(value)}`),
  team: (value: string): ValueHash => hashOf(`team:${normaliseText(value)}`),
} as const;

/** Sorts by time within a value: `{inverted time}_{id}`. */
export function positionKey(date: Date, id: string): string {
  return `${invertedTime(date)}_${id}`;
}

/** All rows of a record but its claim. */
export function dimensionKeys(
  summary: RecordSummary,
  position: string,
): readonly { dimension: Dimension; rowKey: string }[] {
  const under = (dimension: Dimension, hash: ValueHash | undefined) =>
    hash === undefined ? [] : [{ dimension, rowKey: `${hash.hex}_${position}` }];
  return [
    { dimension: 'time', rowKey: position },
    ...under('user', optional(summary.userId, valueHash.text)),
    ...under('operation', optional(summary.operation, valueHash.text)),
    ...under('object', optional(summary.objectId, valueHash.text)),
    ...under('container', optional(summary.siteUrl, valueHash.site)),
    ...under('container', optional(summary.mailboxOwner, valueHash.mailbox)),
    ...under('container', optional(summary.teamId, valueHash.team)),
    ...under('ip', optional(summary.clientIp, valueHash.address)),
  ];
}

function optional(value: string | undefined, hash: (value: string) => ValueHash): ValueHash | undefined {
  return value === undefined ? undefined : hash(value);
}

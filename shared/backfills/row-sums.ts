/** Sums of rows: whether two readings of a query gave the same rows, in whatever order, without keeping their IDs. */
import { createHash } from 'node:crypto';
import type { FoundRow } from './audit-search.ts';
import type { CompletedReading } from './backfill.ts';

export const nothingRead: CompletedReading = { rows: 0, ids: '0' };

const wrap = 2n ** 64n;

export function addRows(before: CompletedReading, rows: readonly FoundRow[]): CompletedReading {
  const sum = rows.reduce((total, { id }) => (total + numberOf(id)) % wrap, BigInt(before.ids));
  return { rows: before.rows + rows.length, ids: String(sum) };
}

function numberOf(id: string): bigint {
  return createHash('sha256').update(id).digest().readBigUInt64BE(0);
}

export function isSameReading(one: CompletedReading, other: CompletedReading | undefined): boolean {
  return other?.rows === one.rows && other.ids === one.ids;
}

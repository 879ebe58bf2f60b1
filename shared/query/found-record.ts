/** A record as the index shows it, and where it stands in the order of all records. */
import { dateOfInverted, invertedTime } from '../index/keys.ts';
import { unpackSummary, type StoredSummary } from '../index/packing.ts';
import type { IndexRow } from '../index/record-index.ts';
import { parseRecord, type AuditRecord } from '../records/audit-record.ts';

/** A record as lists show it. */
export interface FoundRecord extends StoredSummary {
  readonly tenantId: string;
  readonly id: AuditRecord['id'];
  readonly createdDateTime: Date;
}

/** `{inverted time}_{id}`, whatever stands before it in the key: ascending is newest first. */
export function positionOfRow({ rowKey }: IndexRow): string {
  return /^[0-9a-f]{16}_\d{13}_/.test(rowKey) ? rowKey.slice(17) : rowKey;
}

export function positionOf({ createdDateTime, id }: FoundRecord): string {
  return `${invertedTime(createdDateTime)}_${id}`;
}

/** The moment of a position, or of its beginning. */
export function dateOfPosition(position: string): Date {
  return dateOfInverted(position.slice(0, 13));
}

/** Sorts records of several tenants; a tenant may hold a record with the same id as another. */
export function orderKey(record: FoundRecord): string {
  return `${positionOf(record)} ${record.tenantId}`;
}

export function recordOfRow(row: IndexRow, tenantId: string): FoundRecord {
  const position = positionOfRow(row);
  return {
    tenantId,
    id: position.slice(14),
    createdDateTime: dateOfPosition(position),
    ...unpackSummary(row.summary, tenantId),
  };
}

/** The record with all that its text says, where its row was packed before rows held it. */
export function completedFromText(record: FoundRecord, text: Buffer): FoundRecord {
  return record.isLegacy ? { ...record, summary: parseRecord(text).summary, isLegacy: false } : record;
}

/** A record as found in the index, and its position in the order of all records. */
import { dateOfInverted, invertedTime, positionOfKey } from '../index/keys.ts';
import { unpackSummary, type StoredSummary } from '../index/packing.ts';
import type { IndexRow } from '../index/record-index.ts';
import { lazy } from '../lazy.ts';
import { parseRecord } from '../records/audit-record.ts';
import type { DeliveredText } from '../records/delivered-text.ts';
import type { IndexedRecord } from '../records/indexed-record.ts';

export interface FoundRecord extends IndexedRecord, StoredSummary {
  readonly tenantId: string;
  /** Its row in the time partition, if texts were requested and it has been read. */
  readonly timeRow?: IndexRow | undefined;
}

/** `{inverted time}_{id}`, without the prefix of the key: ascending is newest first. */
export function positionOfRow({ rowKey }: IndexRow): string {
  return positionOfKey(rowKey);
}

export function positionOf({ createdDateTime, id }: FoundRecord): string {
  return `${invertedTime(createdDateTime)}_${id}`;
}

/** The moment of a position, or of its first 13 digits. */
export function dateOfPosition(position: string): Date {
  return dateOfInverted(position.slice(0, 13));
}

/** Sorts records of several tenants, which may hold records with the same id. */
export function orderKey(record: FoundRecord): string {
  return `${positionOf(record)} ${record.tenantId}`;
}

/** The summary is unpacked when it is first read: most rows of a search for a text are decided without it. */
export function recordOfRow(row: IndexRow, tenantId: string): FoundRecord {
  const position = positionOfRow(row);
  // Not the row: it may hold the text.
  const { summary: packed } = row;
  const stored = lazy(() => unpackSummary(packed, tenantId));
  return {
    tenantId,
    id: position.slice(14),
    createdDateTime: dateOfPosition(position),
    get summary() {
      return stored().summary;
    },
    get createdSource() {
      return stored().createdSource;
    },
    get contentType() {
      return stored().contentType;
    },
    get source() {
      return stored().source;
    },
    get ingestedDateTime() {
      return stored().ingestedDateTime;
    },
    get isLegacy() {
      return stored().isLegacy;
    },
  };
}

/** The record with all members of its text, if its row was packed before rows held them all. */
export function completedFromText(record: FoundRecord, { bytes, truncated }: DeliveredText): FoundRecord {
  if (!record.isLegacy) return record;
  return { ...record, summary: parseRecord(bytes, truncated).summary, isLegacy: false };
}

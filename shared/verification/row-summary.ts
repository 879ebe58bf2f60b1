/** What a row of the index says of its record and its landing. */
import { dateOfInverted, positionOfKey } from '../index/keys.ts';
import { unpackSummary, type StoredSummary } from '../index/packing.ts';
import type { IndexRow } from '../index/record-index.ts';
import { invertedDigits } from './index-place.ts';

/** Undefined if it is damaged. */
export function readSummary({ summary }: IndexRow, tenantId: string): StoredSummary | undefined {
  try {
    return unpackSummary(summary, tenantId);
  } catch {
    return undefined;
  }
}

/** When the record was created, as its row is found by. */
export function timeOfRow({ rowKey }: Pick<IndexRow, 'rowKey'>): Date {
  return dateOfInverted(positionOfKey(rowKey).slice(0, invertedDigits));
}

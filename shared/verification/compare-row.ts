/** Compares a row of the index with the one that indexing would write now. */
import { matchColumns } from '../index/match-columns.ts';
import { isSamePacked, unpackSummary, unpackText } from '../index/packing.ts';
import type { IndexRow, StoredText, TextPointer } from '../index/record-index.ts';
import type { DifferenceKind } from './difference.ts';

export interface RowFault {
  readonly kind: Extract<DifferenceKind, 'rowMissing' | 'rowDiffers' | 'rowOutdated'>;
  readonly detail?: string;
}

export interface Comparing {
  readonly tenantId: string;
  /** Of a row that has the text of its record, or a pointer to it; absent for rows of other dimensions. */
  readonly text?: { readonly bytes: Buffer; readonly at: TextPointer } | undefined;
}

/** Undefined when the row is as it should be. */
export function compareRow(
  expected: IndexRow,
  stored: IndexRow | undefined,
  { tenantId, text }: Comparing,
): RowFault | undefined {
  if (stored === undefined) return { kind: 'rowMissing' };
  if (!isSameText(stored, text)) return { kind: 'rowDiffers', detail: 'text' };
  const summary = compareSummary(expected, stored, tenantId);
  if (summary !== undefined) return { kind: summary, detail: 'summary' };
  const columns = matchColumns.filter(
    (column) => !isSameNumber(expected.match[column], stored.match[column]),
  );
  return columns.length === 0 ? undefined : { kind: 'rowDiffers', detail: `columns ${columns.join(', ')}` };
}

function compareSummary(
  expected: IndexRow,
  stored: IndexRow,
  tenantId: string,
): RowFault['kind'] | undefined {
  try {
    if (isSamePacked(expected.summary, stored.summary)) return undefined;
    return unpackSummary(stored.summary, tenantId).isLegacy ? 'rowOutdated' : 'rowDiffers';
  } catch {
    return 'rowDiffers';
  }
}

/** Whether a text fits into its row depends on the release that packed it: either place is right. */
function isSameText({ text: packed, textAt }: StoredText, text: Comparing['text']): boolean {
  if (text === undefined) return packed === undefined && textAt === undefined;
  if (packed !== undefined) return isTextOf(packed, text.bytes);
  return textAt?.line === text.at.line && textAt.blobName === text.at.blobName;
}

function isTextOf(packed: Uint8Array, text: Buffer): boolean {
  try {
    return unpackText(packed).equals(text);
  } catch {
    return false;
  }
}

/** Storage returns what was written as a 64-bit number as one. */
function isSameNumber(a: bigint | number | undefined, b: bigint | number | undefined): boolean {
  return a === undefined || b === undefined ? a === b : BigInt(a) === BigInt(b);
}

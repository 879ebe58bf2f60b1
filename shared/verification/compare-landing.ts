/** Compares a landing in all places: its raw blob, its row, its content blobs in the ledger, and its records in the index. */
import { provenanceOf } from '../index/delivered-records.ts';
import type { LandingRow } from '../landing/landing.ts';
import type { RawBlob, RawStore } from '../landing/raw-store.ts';
import { compareContents, type CompareContentsDeps } from './compare-contents.ts';
import { compareLink, type CompareLinkDeps } from './compare-link.ts';
import type { CompareRecordsDeps } from './comparing.ts';
import { compareText, type ComparedText } from './compare-text.ts';
import type { Difference } from './difference.ts';
import { addFindings, findingsOf, type Findings } from './findings.ts';
import { blobNameOf, differenceIn, type StoredLanding } from './stored-landing.ts';

export interface CompareLandingDeps extends CompareRecordsDeps, CompareContentsDeps, CompareLinkDeps {
  readonly raw: Pick<RawStore, 'read'>;
}

export interface LandingComparison extends Findings {
  readonly records: number;
  /** Rows of the index that were compared. */
  readonly rows: number;
  /** The text is what landed. */
  readonly isSound: boolean;
}

/**
 * Reads the raw blob to its end, and compares everything that was made of it.
 * @throws Error when storage fails
 */
export async function compareLanding(
  deps: CompareLandingDeps,
  stored: StoredLanding,
): Promise<LandingComparison> {
  const { row } = stored;
  const blob = await deps.raw.read(blobNameOf(stored));
  if (blob === undefined)
    return { ...findingsOf([missingBlob(stored)]), records: 0, rows: 0, isSound: false };
  const text = await compareText(deps, stored, blob);
  const others =
    row === undefined ? withoutRow(stored, text) : await compareRow(deps, { ...stored, row }, { text, blob });
  const { records, rows, isSound } = text;
  return { ...addFindings(text.found, findingsOf(others)), records, rows, isSound };
}

/** Without records that are indexed it is what a killed host left: its content landed again. */
function withoutRow(stored: StoredLanding, { indexed }: ComparedText): readonly Difference[] {
  return indexed > 0 ? [differenceIn(stored, 'landingRowMissing')] : [];
}

async function compareRow(
  deps: CompareContentsDeps & CompareLinkDeps,
  stored: StoredLanding & { readonly row: LandingRow },
  { text, blob }: { readonly text: ComparedText; readonly blob: RawBlob },
): Promise<readonly Difference[]> {
  const { tenantId, row } = stored;
  const { runs } = provenanceOf(blob);
  const faults = rowFaults(stored, row, text);
  return [
    ...faults.map((detail) => differenceIn(stored, 'landingRowDiffers', { detail })),
    ...(await compareLink(deps, stored)),
    ...(await compareContents(deps, { tenantId, landing: row, runs })),
  ];
}

export function missingBlob(stored: StoredLanding): Difference {
  const detail = stored.row === undefined ? undefined : `${stored.row.records} records`;
  return differenceIn(stored, 'rawBlobMissing', { detail });
}

/** A text that is not what landed says nothing about the row. */
function rowFaults(stored: StoredLanding, row: LandingRow, text: ComparedText): readonly string[] {
  const blobName = blobNameOf(stored);
  const names = row.blobName === blobName ? [] : ['blobName'];
  if (!text.isSound) return names;
  const { records, bytes, indexed } = text;
  // A claim or a record that differs is named already, and what the retention deletes is counted as it was then.
  const isCounted = text.found.listed.length === 0 && text.pastRetention === 0;
  const counts = isCounted ? row.counts : undefined;
  return [
    ...names,
    ...unequal('records', row.records, records),
    ...unequal('bytes', row.bytes, bytes),
    ...unequal('indexed', counts?.indexed, indexed),
    ...unequal('duplicates', counts?.duplicates, records - indexed),
  ];
}

function unequal(column: string, said: number | undefined, found: number): readonly string[] {
  return said === undefined || said === found ? [] : [`${column}: ${said} in the row, ${found} found`];
}

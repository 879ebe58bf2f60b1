/** Takes what the index has from what records explain, row by row. */
import { dimensionKeys, hashesOf, positionOfKey } from '../index/keys.ts';
import type { StoredSummary } from '../index/packing.ts';
import type { IndexRow } from '../index/record-index.ts';
import type { Balance } from './balance.ts';
import type { Difference } from './difference.ts';
import type { IndexPlace } from './index-place.ts';
import type { KeyedDigest } from './keyed-digest.ts';
import type { LandingIndex } from './landing-index.ts';
import { readSummary, timeOfRow } from './row-summary.ts';
import { unexplained } from './unexplained-rows.ts';

export interface BalanceRowsDeps {
  readonly tenantId: string;
  readonly balance: Balance;
  readonly digest: KeyedDigest;
  readonly landingIndex: Pick<LandingIndex, 'hasTime'>;
  readonly isVerified: (landedAt: Date, time: Date) => boolean;
  /** Its raw blob may be deleted: its claims and rows only have to agree with each other. */
  readonly isWithoutText: (landedAt: Date) => boolean;
}

/** @returns rows that name no landing */
export async function balanceRows(
  deps: BalanceRowsDeps,
  place: IndexPlace,
  rows: readonly IndexRow[],
): Promise<readonly Difference[]> {
  const differences: Difference[] = [];
  for (const row of rows) {
    const summary = readSummary(row, deps.tenantId);
    if (summary === undefined) differences.push(unexplained(place, row, 'its summary cannot be read'));
    else if (!(await deps.landingIndex.hasTime(summary.ingestedDateTime)))
      differences.push(unexplained(place, row, 'it names a landing that does not exist'));
    else takeRow(deps, { ...place, row, summary });
  }
  return differences;
}

interface ReadRow extends IndexPlace {
  readonly row: IndexRow;
  readonly summary: StoredSummary;
}

function takeRow(deps: BalanceRowsDeps, read: ReadRow): void {
  const { balance, digest } = deps;
  const landedAt = read.summary.ingestedDateTime;
  if (!deps.isVerified(landedAt, timeOfRow(read.row))) return;
  try {
    if (deps.isWithoutText(landedAt)) takeAlone(deps, read, landedAt);
    else balance.subtract(landedAt, digest.ofRow(read, read.row));
  } catch {
    // Its text is damaged: its landing then explains more than there is.
  }
}

/** The row of `time` stands for the claim, and explains the rows by which the record is found. */
function takeAlone(
  { balance, digest }: BalanceRowsDeps,
  { row, summary, ...place }: ReadRow,
  landedAt: Date,
): void {
  const position = positionOfKey(row.rowKey);
  const own = (at: Pick<IndexPlace, 'dimension'>, rowKey: string) =>
    digest.ofRow({ ...place, ...at }, { rowKey, match: row.match, summary: row.summary });
  balance.subtract(landedAt, own(place, row.rowKey));
  if (place.dimension !== 'time') return;
  balance.subtract(landedAt, digest.ofPosition(position));
  for (const { dimension, rowKey } of dimensionKeys(hashesOf(summary.summary), position))
    balance.add(landedAt, own({ dimension }, rowKey));
}

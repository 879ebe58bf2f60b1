/** What the report reads, one scan after another. */
import type { Scan } from '../../report-kind.ts';
import type { HoldersOfRange } from './history-so-far.ts';
import { groupOperationNames, roleOperationNames } from './role-change.ts';

/** Numbers of scans: changes of roles, members of groups, then one for each batch of names of holders. */
export const ofRoles = 0;
export const ofGroups = 1;
export const firstOfHolders = 2;

interface Times {
  /** Of the report, half-open. */
  readonly range: { readonly from: Date; readonly to: Date };
  /** When snapshots were taken that have all roles, oldest first. */
  readonly complete: readonly Date[];
  readonly now: Date;
}

/** Undefined after the last one. */
export function scanOf(scan: number, times: Times, holders: () => HoldersOfRange): Scan | undefined {
  if (scan < firstOfHolders) {
    const operations = scan === ofGroups ? groupOperationNames : roleOperationNames;
    return { filters: { ...rangeOfChanges(times), operations }, withTexts: true };
  }
  const actor = holders().names.batches[scan - firstOfHolders];
  return actor && { filters: { ...times.range, actor }, withTexts: true };
}

/** Longer ago than the names of people are remembered. */
const earliestMs = 400 * 24 * 60 * 60_000;

/** From the snapshot before the range to the one after it: between them, records alone say what changed. */
export function rangeOfChanges({ range: { from, to }, complete, now }: Times): Times['range'] {
  const before = complete.findLast((one) => one <= from) ?? new Date(from.getTime() - earliestMs);
  return { from: before, to: complete.find((one) => one >= to) ?? now };
}

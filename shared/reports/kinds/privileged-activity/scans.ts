/** What the report reads, one scan after another. */
import type { ReportInputs } from '../../report-inputs.ts';
import type { Scan } from '../../report-kind.ts';
import type { HoldersOfRange } from './history-so-far.ts';
import { groupOperationNames, roleOperationNames } from './role-change.ts';

/** Numbers of scans: changes of roles, members of groups, then one for each batch of names of holders. */
export const ofRoles = 0;
export const ofGroups = 1;
export const firstOfHolders = 2;

type Inputs = Pick<ReportInputs<unknown, 'roleHolders'>, 'range' | 'roleHolders' | 'now'>;

/** Undefined after the last one. */
export function scanOf(
  scan: number,
  { range, roleHolders, now }: Inputs,
  holders: () => HoldersOfRange,
): Scan | undefined {
  if (scan < firstOfHolders) {
    const operations = scan === ofGroups ? groupOperationNames : roleOperationNames;
    return { filters: { ...rangeOfChanges(range, roleHolders, now), operations }, withTexts: true };
  }
  const actor = holders().names.batches[scan - firstOfHolders];
  return actor && { filters: { ...range, actor }, withTexts: true };
}

/** Longer ago than the names of people are remembered. */
const earliestMs = 400 * 24 * 60 * 60_000;

/** From the snapshot before the range to the one after it: between them, records alone say what changed. */
function rangeOfChanges(
  { from, to }: Inputs['range'],
  snapshots: Inputs['roleHolders'],
  now: Date,
): Inputs['range'] {
  const times = snapshots.map(({ takenAt }) => takenAt);
  const before = times.findLast((one) => one <= from) ?? new Date(from.getTime() - earliestMs);
  return { from: before, to: times.find((one) => one >= to) ?? now };
}

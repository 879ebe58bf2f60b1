/** What the report reads, one scan after another. */
import type { Scan } from '../../report-kind.ts';
import type { HoldersOfRange } from './history-so-far.ts';
import type { RoleSnapshot } from './role-snapshot.ts';
import { groupOperationNames, roleOperationNames } from './role-change.ts';

/** Numbers of scans: changes of roles, members of groups, then one for each batch of names of holders. */
export const ofRoles = 0;
export const ofGroups = 1;
export const firstOfHolders = 2;

interface Times {
  /** Of the report, half-open. */
  readonly range: { readonly from: Date; readonly to: Date };
  /** Template ids. */
  readonly roles: readonly string[];
  /** Of these roles, oldest first. */
  readonly snapshots: readonly Pick<RoleSnapshot, 'role' | 'takenAt'>[];
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

/** From the snapshot before the range to the one after it: between them, records alone say what changed. Of several roles, from the first to the last. */
export function rangeOfChanges({ range: { from, to }, roles, snapshots, now }: Times): Times['range'] {
  const earliest = new Date(from.getTime() - earliestMs);
  const ofRoles = roles.map((role) => snapshots.filter((one) => one.role === role));
  const before = ofRoles.map((own) => own.findLast(({ takenAt }) => takenAt <= from)?.takenAt ?? earliest);
  const after = ofRoles.map((own) => own.find(({ takenAt }) => takenAt >= to)?.takenAt ?? now);
  return {
    from: new Date(Math.min(...before.map(Number))),
    to: new Date(Math.max(...after.map(Number))),
  };
}

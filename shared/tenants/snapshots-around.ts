/** The snapshots that say who held a role in a range. */
import { globalAdministrator } from './privileged-roles.ts';
import {
  countsOf,
  type RoleCount,
  type RoleHolderSnapshot,
  type SnapshotCounts,
  type SnapshotDays,
  type SnapshotReader,
} from './role-holders.ts';

export interface Around {
  readonly tenantId: string;
  /** Half-open. */
  readonly range: { readonly from: Date; readonly to: Date };
  readonly now: Date;
  /** Template ids of the roles whose holders are wanted. */
  readonly roles: readonly string[];
}

const dayMs = 24 * 60 * 60_000;
/** Snapshots that are further away are not searched for: names are remembered as long. */
const furthestMs = 400 * dayMs;
/** Of the old rows that do not say which roles they have, so many are read on each side: the nearest. */
const maxSilent = 10;
/** So that not all of a range is read before it is found to be too much. */
const rowsAtOnce = 10;
/** Some 30 MB. */
const maxHolders = 100_000;

/** The snapshots of a range have more holders than there is memory for. */
export class TooManyHoldersError extends Error {
  override readonly name = 'TooManyHoldersError';
}

/**
 * Snapshots that were taken in the range, and those next to it: what changed at its borders shows only between two snapshots.
 * Oldest first.
 * @throws TooManyHoldersError, and when storage fails
 */
export async function snapshotsAround(
  roleHolders: SnapshotReader,
  around: Around,
): Promise<readonly RoleHolderSnapshot[]> {
  const counted = await countsAround(roleHolders, around);
  refuseTooMany(counted.inside.flatMap(({ counts = [] }) => counts.filter(isOf(around.roles))));
  const { before, after } = await nearest(roleHolders, around, counted);
  const found = [...before, ...after];
  const { from, to } = around.range;
  for (let at = 0; at < counted.inside.length; at += rowsAtOnce) {
    refuseTooMany(found.flatMap(countsOf));
    const days = daysOf(counted.inside.slice(at, at + rowsAtOnce));
    const read = await roleHolders.read(around.tenantId, { ...days, roles: around.roles });
    found.push(...read.filter(({ takenAt }) => takenAt > from && takenAt < to));
  }
  refuseTooMany(found.flatMap(countsOf));
  return found.toSorted((a, b) => a.takenAt.getTime() - b.takenAt.getTime());
}

/** @throws TooManyHoldersError */
function refuseTooMany(counts: readonly RoleCount[]): void {
  if (counts.reduce((sum, { count }) => sum + count, 0) > maxHolders) throw new TooManyHoldersError();
}

function isOf(roles: readonly string[]): (count: RoleCount) => boolean {
  return ({ role }) => roles.includes(role);
}

function daysOf(found: readonly SnapshotCounts[]): SnapshotDays {
  const times = found.map(({ takenAt }) => takenAt.getTime());
  return { from: new Date(Math.min(...times)), to: new Date(Math.max(...times)) };
}

/** Of each role, the newest snapshot before the range, or at its beginning, and the oldest one after it. @throws when storage fails */
export async function snapshotsNextTo(
  roleHolders: SnapshotReader,
  around: Around,
): Promise<readonly RoleHolderSnapshot[]> {
  const { before, after } = await nearest(roleHolders, around, await countsAround(roleHolders, around));
  return [...before, ...after];
}

interface Counted {
  /** The newest first. */
  readonly before: readonly SnapshotCounts[];
  readonly inside: readonly SnapshotCounts[];
  readonly after: readonly SnapshotCounts[];
}

async function countsAround(
  roleHolders: SnapshotReader,
  { tenantId, range: { from, to }, now }: Around,
): Promise<Counted> {
  const first = new Date(from.getTime() - furthestMs);
  const last = new Date(Math.min(to.getTime() + furthestMs, now.getTime()));
  const all = await roleHolders.counts(tenantId, { from: first, to: last });
  return {
    before: all.filter(({ takenAt }) => takenAt <= from).toReversed(),
    inside: all.filter(({ takenAt }) => takenAt > from && takenAt < to),
    after: all.filter(({ takenAt }) => takenAt >= to),
  };
}

interface NextTo {
  /** Oldest first. */
  readonly before: readonly RoleHolderSnapshot[];
  readonly after: readonly RoleHolderSnapshot[];
}

async function nearest(roleHolders: SnapshotReader, around: Around, counted: Counted): Promise<NextTo> {
  const before = await nearestOf(roleHolders, around, counted.before);
  const after = await nearestOf(roleHolders, around, counted.after);
  // Today's may have been replaced by a later one meanwhile.
  return { before: before.filter(({ takenAt }) => takenAt <= around.range.from).toReversed(), after };
}

/** A snapshot may lack some roles: read on to those that have them. @param found the nearest first */
async function nearestOf(
  roleHolders: SnapshotReader,
  { tenantId, roles }: Around,
  found: readonly SnapshotCounts[],
): Promise<readonly RoleHolderSnapshot[]> {
  const missing = new Set(roles);
  const read: RoleHolderSnapshot[] = [];
  let silent = 0;
  for (const one of found) {
    if (missing.size === 0) break;
    if (!mayHave(one, missing, silent)) continue;
    silent += one.counts === undefined ? 1 : 0;
    const snapshots = await roleHolders.read(tenantId, { ...daysOf([one]), roles });
    const had = snapshots.flatMap(countsOf).filter(({ role }) => missing.delete(role));
    if (had.length > 0) read.push(...snapshots);
  }
  return read;
}

function mayHave({ counts }: SnapshotCounts, missing: ReadonlySet<string>, silent: number): boolean {
  if (counts !== undefined) return counts.some(({ role }) => missing.has(role));
  return missing.has(globalAdministrator) || silent < maxSilent;
}

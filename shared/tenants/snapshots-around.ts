/** The snapshots that say who held a role in a range. */
import type { RoleHolderSnapshot, RoleHolderStore } from './role-holders.ts';

export interface Around {
  readonly tenantId: string;
  /** Half-open. */
  readonly range: { readonly from: Date; readonly to: Date };
  readonly now: Date;
  /** Template ids of the roles whose holders are wanted. */
  readonly roles: readonly string[];
}

type Snapshots = Pick<RoleHolderStore, 'read'>;

const dayMs = 24 * 60 * 60_000;
/** Snapshots are daily, so the first days almost always have one. Further away are none: names are remembered as long. */
const daysAway = [8, 64, 400];
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
  roleHolders: Snapshots,
  around: Around,
): Promise<readonly RoleHolderSnapshot[]> {
  const [before, after] = await snapshotsNextTo(roleHolders, around);
  const inside: RoleHolderSnapshot[] = [];
  let holders = 0;
  for (const days of inWindows(around)) {
    const found = await roleHolders.read(around.tenantId, { ...days, roles: around.roles });
    inside.push(...found.filter(({ takenAt }) => takenAt > around.range.from && takenAt < around.range.to));
    holders += found.reduce((sum, snapshot) => sum + holdersIn(snapshot), 0);
    if (holders > maxHolders) throw new TooManyHoldersError();
  }
  return [...(before ? [before] : []), ...inside, ...(after ? [after] : [])];
}

/** The newest one before the range, or at its beginning, and the oldest one after it. @throws when storage fails */
export async function snapshotsNextTo(
  roleHolders: Snapshots,
  { tenantId, range: { from, to }, now, roles }: Around,
): Promise<readonly [before: RoleHolderSnapshot | undefined, after: RoleHolderSnapshot | undefined]> {
  // A snapshot of the day of the end may be from before it.
  const last = new Date(Math.min(to.getTime() + furthestMs, now.getTime()));
  const later = last < to ? [] : await roleHolders.read(tenantId, { from: to, to: last, top: 2, roles });
  return [
    await newestBefore(roleHolders, { tenantId, from, roles }),
    later.find(({ takenAt }) => takenAt >= to),
  ];
}

const furthestMs = Math.max(...daysAway) * dayMs;

async function newestBefore(
  roleHolders: Snapshots,
  { tenantId, from, roles }: Pick<Around, 'tenantId' | 'roles'> & { readonly from: Date },
): Promise<RoleHolderSnapshot | undefined> {
  let to = from;
  for (const days of daysAway) {
    const first = new Date(from.getTime() - days * dayMs);
    const found = await roleHolders.read(tenantId, { from: first, to, roles });
    const newest = found.findLast(({ takenAt }) => takenAt <= from);
    if (newest !== undefined) return newest;
    to = new Date(first.getTime() - dayMs);
  }
  return undefined;
}

const windowMs = 10 * dayMs;

/** First and last days of parts of the range, so that not all of it is read before it is found to be too much. */
function inWindows({ range, now }: Pick<Around, 'range' | 'now'>) {
  const first = Math.floor(range.from.getTime() / dayMs) * dayMs;
  const end = Math.min(range.to.getTime(), now.getTime() + 1);
  const count = Math.max(0, Math.ceil((end - first) / windowMs));
  return Array.from({ length: count }, (_, at) => ({
    from: new Date(first + at * windowMs),
    to: new Date(Math.min(end, first + (at + 1) * windowMs) - 1),
  }));
}

function holdersIn({ holders, otherRoles = [] }: RoleHolderSnapshot): number {
  return otherRoles.reduce((sum, one) => sum + one.holders.length, holders.length);
}

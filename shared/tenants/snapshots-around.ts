/** The snapshots that say who held a role in a range. */
import type { RoleHolderSnapshot, RoleHolderStore } from './role-holders.ts';

interface Around {
  readonly tenantId: string;
  /** Half-open. */
  readonly range: { readonly from: Date; readonly to: Date };
  readonly now: Date;
}

/**
 * Snapshots that were taken in the range, the newest one before it, and the oldest one after it: what changed at its borders
 * shows only between two snapshots. Oldest first.
 * @throws when storage fails
 */
export async function snapshotsAround(
  roleHolders: Pick<RoleHolderStore, 'list'>,
  { tenantId, range: { from, to }, now }: Around,
): Promise<readonly RoleHolderSnapshot[]> {
  const all = await roleHolders.list(tenantId, new Date(0), new Date(now.getTime() + 1));
  const first = all.findLastIndex(({ takenAt }) => takenAt <= from);
  const last = all.findIndex(({ takenAt }) => takenAt >= to);
  return all.slice(Math.max(first, 0), last === -1 ? undefined : last + 1);
}

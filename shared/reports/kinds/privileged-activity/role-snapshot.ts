/** Snapshots of role holders, by role. */
import { globalAdministrator } from '../../../tenants/privileged-roles.ts';
import type { RoleHolder, RoleHolderSnapshot } from '../../../tenants/role-holders.ts';

/** Who held a role, or could activate it, at a moment. */
export interface RoleSnapshot {
  /** Template id. */
  readonly role: string;
  readonly takenAt: Date;
  readonly holders: readonly RoleHolder[];
}

/** One for each role that a snapshot has: old ones have Global Administrator alone. */
export function snapshotsByRole(snapshots: readonly RoleHolderSnapshot[]): readonly RoleSnapshot[] {
  return snapshots.flatMap(({ takenAt, holders, otherRoles = [] }) => [
    { role: globalAdministrator, takenAt, holders },
    ...otherRoles.map((one) => ({ role: one.role, takenAt, holders: one.holders })),
  ]);
}

/** Snapshots of the roles, and when all of them were taken: a snapshot may lack some roles. */
export function snapshotsOf(
  snapshots: readonly RoleHolderSnapshot[],
  roles: ReadonlySet<string>,
): { readonly snapshots: readonly RoleSnapshot[]; readonly complete: readonly Date[] } {
  const wanted = snapshotsByRole(snapshots).filter(({ role }) => roles.has(role));
  const complete = snapshots.filter(
    ({ takenAt }) => wanted.filter((one) => one.takenAt === takenAt).length === roles.size,
  );
  return { snapshots: wanted, complete: complete.map(({ takenAt }) => takenAt) };
}

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

/** Of these roles alone: a snapshot may lack some. */
export function snapshotsOf(
  snapshots: readonly RoleHolderSnapshot[],
  roles: readonly string[],
): readonly RoleSnapshot[] {
  return snapshotsByRole(snapshots).filter(({ role }) => roles.includes(role));
}

/** A snapshot that has none of the holders of a role, because they are too many. */
export interface LeftOut {
  /** Template id. */
  readonly role: string;
  readonly takenAt: Date;
  /** How many held it, or could activate it. */
  readonly count: number;
}

export function leftOutOf(
  snapshots: readonly RoleHolderSnapshot[],
  roles: readonly string[],
): readonly LeftOut[] {
  const all = snapshots.flatMap(({ takenAt, leftOut = [] }) => leftOut.map((one) => ({ ...one, takenAt })));
  return all.filter(({ role }) => roles.includes(role));
}

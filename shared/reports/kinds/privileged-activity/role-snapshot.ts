/** Snapshots of role holders, by role. */
import {
  globalAdministrator,
  type RoleHolder,
  type RoleHolderSnapshot,
} from '../../../tenants/role-holders.ts';

/** Who held a role, or could activate it, at a moment. */
export interface RoleSnapshot {
  /** Template id. */
  readonly role: string;
  readonly takenAt: Date;
  readonly holders: readonly RoleHolder[];
}

/** One for each role that a snapshot has. */
export function snapshotsByRole(snapshots: readonly RoleHolderSnapshot[]): readonly RoleSnapshot[] {
  return snapshots.map((snapshot) => ({ ...snapshot, role: globalAdministrator }));
}

/** Whom snapshots and changes are about, whatever names they have where. */
import { knownPrincipals, type KnownPrincipals } from './known-principals.ts';
import type { RoleChange } from './role-change.ts';
import { roleGroups, type RoleGroups } from './role-groups.ts';
import type { RoleSnapshot } from './role-snapshot.ts';

export interface Known {
  /** Also those who never held a role. */
  readonly people: KnownPrincipals;
  readonly groups: RoleGroups;
}

/** @param snapshots oldest first @param changes in order of time */
export function knownIn(snapshots: readonly RoleSnapshot[], changes: readonly RoleChange[]): Known {
  const holders = snapshots.flatMap((snapshot) => snapshot.holders);
  const ofPeople = changes.filter(({ principal }) => principal.type !== 'group');
  const ofGroups = changes.filter(({ role, principal }) => role !== undefined && principal.type === 'group');
  return {
    people: knownPrincipals(
      holders,
      ofPeople.map(({ principal }) => principal),
    ),
    groups: roleGroups(
      holders,
      ofGroups.map(({ principal }) => principal),
    ),
  };
}

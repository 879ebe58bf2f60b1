/** Snapshots and changes of tests, in a short notation. */
import type { RoleChange } from '../../../../shared/reports/kinds/privileged-activity/role-change.ts';
import type { RoleSnapshot } from '../../../../shared/reports/kinds/privileged-activity/role-snapshot.ts';
import { globalAdministrator } from '../../../../shared/tenants/privileged-roles.ts';
import type { RoleHolder } from '../../../../shared/tenants/role-holders.ts';

/** `05` is the start of March 5th, `05T10:30` a time on it. */
export function at(text: string): Date {
  return new Date(`2026-03-${text}${text.includes('T') ? '' : 'T00:00'}:00Z`);
}

export function holderOf(id: string, changes: Partial<RoleHolder> = {}): RoleHolder {
  return { id, type: 'user', assignment: 'active', ...changes };
}

export function snapshotAt(time: string, ...holders: readonly RoleHolder[]): RoleSnapshot {
  return { role: globalAdministrator, takenAt: at(time), holders };
}

type Changed = Partial<RoleChange['principal']>;

const change =
  (gained: boolean) =>
  (time: string, id: string, changed: Changed = {}): RoleChange => ({
    ...{
      recordId: `${gained ? 'add' : 'remove'}-${id}-${time}`,
      at: at(time),
      gained,
      role: globalAdministrator,
    },
    principal: { type: 'user', id, names: [id], ...changed },
  });
export const gains = change(true);
export const loses = change(false);

const member =
  (gained: boolean) =>
  (time: string, id: string, group: readonly string[]): RoleChange => ({
    ...{ recordId: `${gained ? 'join' : 'leave'}-${id}-${time}`, at: at(time), gained, group },
    principal: { type: 'user', id, names: [id] },
  });
export const joins = member(true);
export const leaves = member(false);

/** Snapshots of role holders in memory. */
import {
  countsOf,
  ofRoles,
  type RoleHolderSnapshot,
  type RoleHolderStore,
} from '../../../shared/tenants/role-holders.ts';

export function createFakeRoleHolderStore(): RoleHolderStore {
  const tenants = new Map<string, Map<string, RoleHolderSnapshot>>();
  return {
    save: async (tenantId, snapshot) => {
      const days = tenants.get(tenantId) ?? new Map<string, RoleHolderSnapshot>();
      tenants.set(tenantId, days);
      days.set(dayOf(snapshot.takenAt), snapshot);
      await Promise.resolve();
    },
    list: async (tenantId, from, to) => {
      const days = [...(tenants.get(tenantId) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
      const before = days.filter(([day]) => new Date(day) < to);
      const newest = before.at(-1);
      const wanted = before.filter((entry) => entry[0] >= dayOf(from) || entry === newest);
      return await Promise.resolve(wanted.map(([, { takenAt, holders }]) => ({ takenAt, holders })));
    },
    counts: async (tenantId, { from, to }) => {
      const days = [...(tenants.get(tenantId) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
      const wanted = days.filter(([day]) => day >= dayOf(from) && day <= dayOf(to));
      return await Promise.resolve(
        wanted.map(([, snapshot]) => ({ takenAt: snapshot.takenAt, counts: countsOf(snapshot) })),
      );
    },
    read: async (tenantId, { from, to, roles }) => {
      const days = [...(tenants.get(tenantId) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
      const wanted = days.filter(([day]) => day >= dayOf(from) && day <= dayOf(to));
      return await Promise.resolve(wanted.map(([, snapshot]) => ofRoles(snapshot, roles)));
    },
  };
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

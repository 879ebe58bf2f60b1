/** Who holds privileged roles: read from Microsoft, stored as dated snapshots. */
import * as z from 'zod';
import type { TenantRef } from '../activity/activity-feed.ts';
import type { Budget } from '../budget.ts';
import { onRefusal, UpstreamError } from '../errors.ts';
import { storedDate } from '../stored-date.ts';
import type { Telemetry } from '../telemetry.ts';
import { globalAdministrator, privilegedRoles } from './privileged-roles.ts';

export const roleHolderSchema = z.object({
  /** Directory object id. */
  id: z.string(),
  type: z.enum(['user', 'servicePrincipal', 'unknown']).meta({ id: 'RoleHolderType' }),
  displayName: z.string().optional(),
  /** Users only. */
  userPrincipalName: z.string().optional(),
  /** Service principals only. */
  appId: z.string().optional(),
  /** Every name that records may have: id, user principal name, address at home, proxy addresses. Absent in old rows. */
  names: z
    .array(z.string())
    .readonly()
    .optional()
    .meta({ description: 'Names of the person in records; actor finds records under any of them.' }),
  /** `active` now, or `eligible` to become so through Privileged Identity Management. */
  assignment: z.enum(['active', 'eligible']).meta({ id: 'RoleHolderAssignment' }),
  /** Name of the group that holds the role for them. */
  throughGroup: z.string().optional(),
  /** Names of further groups that do; those of an active holder are active as well. Absent in old rows. */
  alsoThrough: z
    .array(z.string())
    .readonly()
    .optional()
    .meta({ description: 'Names of further groups that hold the role for them.' }),
});
export type RoleHolder = z.infer<typeof roleHolderSchema>;

export const holdersOfRoleSchema = z.object({
  /** Template id of the role. */
  role: z.string(),
  holders: z.array(roleHolderSchema).readonly(),
});
export type HoldersOfRole = Readonly<z.infer<typeof holdersOfRoleSchema>>;

export const roleHolderSnapshotSchema = z.object({
  takenAt: storedDate,
  /** Of Global Administrator. */
  holders: z.array(roleHolderSchema).readonly(),
  /** Of the other privileged roles, also of those that no one holds; absent: not known, as in old rows. */
  otherRoles: z.array(holdersOfRoleSchema).readonly().optional(),
});
export type RoleHolderSnapshot = Readonly<z.output<typeof roleHolderSnapshotSchema>>;

/** Without other roles. */
export type AdministratorSnapshot = Pick<RoleHolderSnapshot, 'takenAt' | 'holders'>;

/** A role holder over a period of time. */
export interface SeenRoleHolder extends RoleHolder {
  readonly firstSeenDateTime: Date;
  readonly lastSeenDateTime: Date;
  /** Holds the role in the newest snapshot. */
  readonly current: boolean;
}

export interface Directory {
  /** Of each of the roles, given by template ids. Members of groups are followed. @throws UpstreamError */
  listRoleHolders(
    tenant: TenantRef,
    roles: readonly string[],
    budget?: Budget,
  ): Promise<readonly HoldersOfRole[]>;
  /** Template ids of the directory roles that the application itself holds in the tenant. @throws UpstreamError */
  listOwnRoles(tenant: TenantRef, budget?: Budget): Promise<readonly string[]>;
  /** Domains that the tenant has proven to own, as Graph spells them. @throws UpstreamError */
  listVerifiedDomains(tenant: TenantRef, budget?: Budget): Promise<readonly string[]>;
}

export interface RoleHolderStore {
  /**
   * One snapshot a day is kept: a later one of the same day replaces it. Other roles that do not fit into a row, which is some
   * 20,000 holders, are left out.
   */
  save(tenantId: string, snapshot: RoleHolderSnapshot): Promise<void>;
  /** Who held Global Administrator on the days that overlap [from, to), oldest first; if on none of them, in the newest snapshot before. */
  list(tenantId: string, from: Date, to: Date): Promise<readonly AdministratorSnapshot[]>;
  /** Those of some days, oldest first, with the holders of some roles. */
  read(tenantId: string, wanted: SnapshotDays): Promise<readonly RoleHolderSnapshot[]>;
}

export interface SnapshotDays {
  /** Moments of the first and the last day. */
  readonly from: Date;
  readonly to: Date;
  /** Of snapshots; all, if absent. */
  readonly top?: number;
  /** Template ids; others are left out. */
  readonly roles: readonly string[];
}

/** The snapshot with the holders of these roles alone; without `otherRoles` if none of them is wanted. */
export function ofRoles(
  { takenAt, holders, otherRoles }: RoleHolderSnapshot,
  roles: readonly string[],
): RoleHolderSnapshot {
  const wantsOthers = roles.some((role) => role !== globalAdministrator);
  const others = wantsOthers ? otherRoles?.filter(({ role }) => roles.includes(role)) : undefined;
  return {
    takenAt,
    holders: roles.includes(globalAdministrator) ? holders : [],
    ...(others && { otherRoles: others }),
  };
}

export interface RoleHolderDeps {
  readonly directory: Directory;
  readonly roleHolders: RoleHolderStore;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
  /** Of the calls to Microsoft. */
  readonly budget?: Budget;
}

/**
 * Takes today's snapshot. If Graph refuses to list the holders of all roles, it has those of Global Administrator alone. If it
 * refuses these as well, or does not answer now, that is reported and returned as the error, and older snapshots remain: also
 * the one of today, which may be whole.
 * @throws when storage fails
 */
export async function recordRoleHolders(
  deps: RoleHolderDeps,
  tenant: TenantRef,
): Promise<UpstreamError | undefined> {
  const { tenantId } = tenant;
  const all = await listed(
    deps,
    tenant,
    privilegedRoles.map(({ id }) => id),
  );
  const isRefused = all instanceof UpstreamError && !all.isTransient;
  const found = isRefused ? await listed(deps, tenant, [globalAdministrator]) : all;
  if (all instanceof UpstreamError)
    deps.telemetry('tenants.roleHolders.failed', { tenantId, code: all.code });
  if (found instanceof UpstreamError) return found;
  const holders = found.find(({ role }) => role === globalAdministrator)?.holders ?? [];
  const others = found.filter(({ role }) => role !== globalAdministrator);
  const otherRoles = isRefused ? undefined : others;
  await deps.roleHolders.save(tenantId, { takenAt: deps.now(), holders, otherRoles });
  deps.telemetry('tenants.roleHolders.recorded', { tenantId, holders: holders.length });
  return undefined;
}

async function listed(
  { directory, budget }: RoleHolderDeps,
  tenant: TenantRef,
  roles: readonly string[],
): Promise<readonly HoldersOfRole[] | UpstreamError> {
  return await directory.listRoleHolders(tenant, roles, budget).catch(onRefusal((error) => error));
}

/** Everyone who holds the role in any of the snapshots (oldest first), with the first and last time they were seen. */
export function mergeSnapshots(snapshots: readonly AdministratorSnapshot[]): readonly SeenRoleHolder[] {
  const seen = new Map<string, SeenRoleHolder>();
  const newest = snapshots.at(-1);
  for (const { takenAt, holders } of snapshots) {
    for (const holder of holders) {
      const firstSeenDateTime = seen.get(holder.id)?.firstSeenDateTime ?? takenAt;
      const current = newest?.holders.some((other) => other.id === holder.id) ?? false;
      seen.set(holder.id, { ...holder, firstSeenDateTime, lastSeenDateTime: takenAt, current });
    }
  }
  return [...seen.values()];
}

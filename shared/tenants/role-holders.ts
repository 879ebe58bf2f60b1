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

const roleCountSchema = z.object({
  /** Template id of the role. */
  role: z.string(),
  count: z.int(),
});
/** How many hold a role. */
export type RoleCount = Readonly<z.infer<typeof roleCountSchema>>;

export const roleCountsSchema = z.array(roleCountSchema).readonly();

export const roleHolderSnapshotSchema = z.object({
  takenAt: storedDate,
  /** Of Global Administrator. */
  holders: z.array(roleHolderSchema).readonly(),
  /** Of the other privileged roles, also of those that no one holds; absent: not known, as in old rows. */
  otherRoles: z.array(holdersOfRoleSchema).readonly().optional(),
  /** Of `otherRoles`, those that had more holders than there was room for, so that none of them is there; absent: none. */
  leftOut: roleCountsSchema.optional(),
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
   * One snapshot a day is kept: a later one of the same day replaces it. If other roles have more holders than fit into a row, which
   * is some 20,000, those with the most are left out, and counted.
   */
  save(tenantId: string, snapshot: RoleHolderSnapshot): Promise<void>;
  /** Who held Global Administrator on the days that overlap [from, to), oldest first; if on none of them, in the newest snapshot before. */
  list(tenantId: string, from: Date, to: Date): Promise<readonly AdministratorSnapshot[]>;
  /** Those of some days, oldest first, with the holders of some roles. */
  read(tenantId: string, wanted: SnapshotsWanted): Promise<readonly RoleHolderSnapshot[]>;
  /** What those of some days have, oldest first; holders are not read. */
  counts(tenantId: string, days: SnapshotDays): Promise<readonly SnapshotCounts[]>;
}

/** What finds snapshots. */
export type SnapshotReader = Pick<RoleHolderStore, 'read' | 'counts'>;

/** Moments of the first and the last day. */
export interface SnapshotDays {
  readonly from: Date;
  readonly to: Date;
}

export interface SnapshotCounts {
  readonly takenAt: Date;
  /** Of each role that the snapshot has; absent in old rows: they have Global Administrator, and may have others. */
  readonly counts?: readonly RoleCount[] | undefined;
}

export interface SnapshotsWanted extends SnapshotDays {
  /** Template ids; others are left out. */
  readonly roles: readonly string[];
}

/** The snapshot with the holders of these roles alone; without `otherRoles` if none of them is wanted. */
export function ofRoles(
  { takenAt, holders, otherRoles, leftOut = [] }: RoleHolderSnapshot,
  roles: readonly string[],
): RoleHolderSnapshot {
  const wantsOthers = roles.some((role) => role !== globalAdministrator);
  const without = leftOut.filter(({ role }) => roles.includes(role));
  const others = wantsOthers ? otherRoles?.filter(({ role }) => roles.includes(role)) : undefined;
  return {
    takenAt,
    holders: roles.includes(globalAdministrator) ? holders : [],
    ...(others && { otherRoles: others }),
    ...(without.length > 0 && { leftOut: without }),
  };
}

/** What a snapshot has, Global Administrator first. */
export function countsOf({ holders, otherRoles = [] }: RoleHolderSnapshot): readonly RoleCount[] {
  const all = [{ role: globalAdministrator, holders }, ...otherRoles];
  return all.map((one) => ({ role: one.role, count: one.holders.length }));
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
 * Takes today's snapshot. If Graph refuses to list the holders of all roles, it has those of Global Administrator alone, unless a
 * whole one was taken earlier today, which stays. If it refuses these as well, or does not answer now, that is reported and returned
 * as the error, and older snapshots remain: also the one of today.
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
  if (isRefused && (await hasWholeOfToday(deps, tenantId))) return undefined;
  const holders = found.find(({ role }) => role === globalAdministrator)?.holders ?? [];
  const others = found.filter(({ role }) => role !== globalAdministrator);
  const otherRoles = isRefused ? undefined : others;
  await deps.roleHolders.save(tenantId, { takenAt: deps.now(), holders, otherRoles });
  deps.telemetry('tenants.roleHolders.recorded', { tenantId, holders: holders.length });
  return undefined;
}

async function hasWholeOfToday({ roleHolders, now }: RoleHolderDeps, tenantId: string): Promise<boolean> {
  const today = now();
  const roles = privilegedRoles.map(({ id }) => id);
  const found = await roleHolders.read(tenantId, { from: today, to: today, roles });
  return found.some(({ otherRoles }) => otherRoles !== undefined);
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

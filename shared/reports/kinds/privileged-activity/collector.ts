/** Reads the changes of roles, then everything that holders did, and counts what they did while they held a role. */
import * as z from 'zod';
import { isObject } from '../../../json.ts';
import { lazy } from '../../../lazy.ts';
import type { FoundRecord } from '../../../query/found-record.ts';
import { privilegedRoles, type PrivilegedRole } from '../../../tenants/privileged-roles.ts';
import type { Collector } from '../../report-kind.ts';
import type { ReportInputs } from '../../report-inputs.ts';
import { actedIn } from './acted-in.ts';
import { canMatter, hasRoleGroups, holdersOfRange, type Told } from './history-so-far.ts';
import { roleChangeIn, roleChangeSchema, type RoleChange } from './role-change.ts';
import { firstOfHolders, ofRoles, scanOf } from './scans.ts';
import { leftOutOf, snapshotsOf } from './role-snapshot.ts';
import { sectionsOf } from './sections.ts';
import { createTally, emptyTally, tallySchema } from './tally.ts';

export const stateSchema = z.strictObject({
  /** Its number, as in scans.ts. */
  scan: z.int(),
  changes: z.array(roleChangeSchema).readonly(),
  changesOmitted: z.int(),
  tally: tallySchema,
});
export type PrivilegedActivityState = z.output<typeof stateSchema>;

export interface PrivilegedActivityOptions {
  /** Keys of privileged roles. */
  readonly roles: readonly string[];
}

/** Those that are reported on, in the order of all. */
export function rolesOf({ roles }: PrivilegedActivityOptions) {
  return privilegedRoles.filter(({ key }) => roles.includes(key));
}

type Inputs = ReportInputs<PrivilegedActivityOptions, 'roleHolders' | 'people'>;

export function openPrivilegedActivity(
  inputs: Inputs,
  state: PrivilegedActivityState = { scan: ofRoles, changes: [], changesOmitted: 0, tally: emptyTally },
): Collector<PrivilegedActivityState> {
  const { range, limits, people, options } = inputs;
  const roles = rolesOf(options);
  const ids = roles.map(({ id }) => id);
  const snapshots = snapshotsOf(inputs.roleHolders, ids);
  const changes = [...state.changes];
  let { scan, changesOmitted } = state;
  const tally = createTally(limits, state.tally);
  const told = (): Told => ({ range, snapshots, changes, people });
  let holders = lazy(() => holdersOfRange(told()));
  let matters = lazy(() => canMatter(told()));

  const addChange = (record: FoundRecord, auditData: unknown) => {
    const change = changeIn(record, auditData, roles);
    if (change === undefined || !matters()(change)) return;
    if (changes.length < limits.keys) changes.push(change);
    else changesOmitted += 1;
  };
  return {
    next: () => scanOf(scan, { range, roles: ids, snapshots, now: inputs.now }, holders),
    add(record, auditData) {
      if (scan < firstOfHolders) {
        addChange(record, auditData);
        return;
      }
      const found = actedIn(record, auditData, { ...holders(), batch: scan - firstOfHolders });
      if (found !== undefined) tally.add(found.acted, found.holdings);
    },
    endScan() {
      scan += scan === ofRoles && !hasRoleGroups(told()) ? 2 : 1;
      if (scan > firstOfHolders) return;
      holders = lazy(() => holdersOfRange(told()));
      matters = lazy(() => canMatter(told()));
    },
    state: () => ({ scan, changes: [...changes], changesOmitted, tally: tally.tallied() }),
    sections: () =>
      sectionsOf({
        range,
        limits,
        roles,
        snapshots,
        leftOut: leftOutOf(inputs.roleHolders, ids),
        holdings: holders().holdings,
        principals: holders().principals,
        changes: changes.length,
        changesOmitted,
        tallied: tally.tallied(),
      }),
  };
}

function changeIn(
  { id, createdDateTime, summary }: FoundRecord,
  auditData: unknown,
  roles: readonly PrivilegedRole[],
): RoleChange | undefined {
  const { operation } = summary;
  return isObject(auditData) ? roleChangeIn({ id, createdDateTime, operation }, auditData, roles) : undefined;
}

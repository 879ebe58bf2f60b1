/** The kind of report `privilegedActivity`. */
import { snapshotsNextTo } from '../../../tenants/snapshots-around.ts';
import { reportKind, type ReportKind } from '../../report-kind.ts';
import { declaredPrivilegedActivity } from './declaration.ts';
import { openPrivilegedActivity, rolesOf, stateSchema, type PrivilegedActivityOptions } from './collector.ts';
import { snapshotsOf } from './role-snapshot.ts';
import { rangeOfChanges } from './scans.ts';

function idsOf(options: PrivilegedActivityOptions): readonly string[] {
  return rolesOf(options).map(({ id }) => id);
}

export const privilegedActivity: ReportKind = reportKind({
  ...declaredPrivilegedActivity,
  needs: ['roleHolders', 'people'],
  roles: idsOf,
  async reads({ options, ...asked }, { roleHolders }) {
    const roles = idsOf(options);
    const next = await snapshotsNextTo(roleHolders, { ...asked, roles });
    return rangeOfChanges({ ...asked, roles, snapshots: snapshotsOf(next, roles) });
  },
  state: stateSchema,
  open: openPrivilegedActivity,
});

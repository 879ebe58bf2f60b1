/** The kind of report `privilegedActivity`. */
import * as z from 'zod';
import { privilegedRoles } from '../../../tenants/privileged-roles.ts';
import { snapshotsNextTo } from '../../../tenants/snapshots-around.ts';
import { reportKind, type ReportKind } from '../../report-kind.ts';
import { actsTable } from './acts-section.ts';
import { openPrivilegedActivity, rolesOf, stateSchema, type PrivilegedActivityOptions } from './collector.ts';
import { countsTable } from './counts-section.ts';
import { holdersTable } from './holders-section.ts';
import { snapshotsOf } from './role-snapshot.ts';
import { rangeOfChanges } from './scans.ts';

const roleKeys = privilegedRoles.map(({ key }) => key);

function idsOf(options: PrivilegedActivityOptions): readonly string[] {
  return rolesOf(options).map(({ id }) => id);
}

export const privilegedActivity: ReportKind = reportKind({
  name: 'privilegedActivity',
  title: 'Activity of privileged users',
  description:
    'Everything that people and applications did while they held Global Administrator or another privileged role: who held it when, and what was dangerous or rare.',
  options: z.strictObject({
    roles: z
      .array(z.enum(roleKeys).meta({ id: 'PrivilegedRole' }))
      .min(1)
      .default(['globalAdministrator'])
      .meta({ title: 'Roles', description: 'Whose activity it is: holders of these directory roles.' }),
  }),
  needs: ['roleHolders', 'people'],
  roles: idsOf,
  async reads({ options, ...asked }, { roleHolders }) {
    const roles = idsOf(options);
    const next = await snapshotsNextTo(roleHolders, { ...asked, roles });
    return rangeOfChanges({ ...asked, roles, snapshots: snapshotsOf(next, roles) });
  },
  tables: [actsTable, holdersTable, countsTable],
  state: stateSchema,
  open: openPrivilegedActivity,
});

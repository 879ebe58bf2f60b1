/** What a request can name of the kind `privilegedActivity`: a cold start reads it, without what computes such a report. */
import * as z from 'zod';
import { privilegedRoles } from '../../../tenants/privileged-roles.ts';
import type { DeclaredKind } from '../../report-kind.ts';
import { actsTable, countsTable, holdersTable } from './tables.ts';

const roleKeys = privilegedRoles.map(({ key }) => key);

export const declaredPrivilegedActivity = {
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
  tables: [actsTable, holdersTable, countsTable],
} satisfies DeclaredKind;

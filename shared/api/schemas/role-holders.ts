/** Who holds the role Global Administrator, in answers. */
import * as z from 'zod';
import { roleHolderSchema } from '../../tenants/role-holders.ts';
import { ofTenant } from './of-tenant.ts';
import { moment, nextLink } from './times.ts';

const roleHolder = z
  .strictObject({
    ...roleHolderSchema.shape,
    firstSeenDateTime: moment('The first snapshot that shows the role.'),
    lastSeenDateTime: moment('The last snapshot that shows it.'),
    current: z.boolean().meta({ description: 'Holds the role in the newest snapshot.' }),
  })
  .meta({ id: 'RoleHolder' });

export const roleHoldersSchema = z
  .strictObject({
    generatedDateTime: moment('When the newest snapshot was taken.').optional(),
    value: z.array(roleHolder),
  })
  .meta({ id: 'RoleHolders' });

export const roleHoldersOfTenantsSchema = z
  .strictObject({
    value: z.array(z.strictObject({ ...ofTenant, ...roleHolder.shape }).meta({ id: 'RoleHolderOfTenant' })),
    nextLink,
    tenants: z
      .array(
        z
          .strictObject({
            ...ofTenant,
            generatedDateTime: moment(
              'When the newest snapshot was taken; absent if there is none, so nothing is known.',
            ).optional(),
          })
          .meta({ id: 'RoleHolderSnapshot' }),
      )
      .meta({ description: 'The tenants of this page.' }),
  })
  .meta({ id: 'RoleHoldersOfTenants' });

/** Rollouts in answers. */
import * as z from 'zod';
import { memberMembers, progressMembers } from './batches.ts';
import { enablementStatus } from './enablements.ts';
import { errorMembers, historyMembers } from './operation-members.ts';
import { moment, nextLink } from './times.ts';

export const rolloutSchema = z
  .strictObject({
    id: z.guid().meta({ title: 'Rollout ID' }),
    status: enablementStatus,
    tenants: z.string().meta({ description: 'The set, as requested.' }),
    dryRun: z.boolean().meta({ description: 'Nothing is changed in the tenants.' }),
    ...progressMembers,
    ...historyMembers,
    expiresDateTime: moment('When it is deleted; the enablements stay.').optional(),
    ...errorMembers,
  })
  .meta({ id: 'Rollout' });

const tenant = z
  .strictObject({
    ...memberMembers,
    enablementId: z.guid().optional().meta({ title: 'Enablement ID' }),
    ...errorMembers,
  })
  .meta({ id: 'RolloutTenant' });

export const rolloutTenantsSchema = z
  .strictObject({ value: z.array(tenant), nextLink })
  .meta({ id: 'RolloutTenantList' });

/** Rollouts in answers. */
import * as z from 'zod';
import type { changingStepNames } from '../../enablement/enablement.ts';
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

export const rolloutListSchema = z
  .strictObject({ value: z.array(rolloutSchema), nextLink })
  .meta({ id: 'RolloutList' });

const changesOf = (what: string) =>
  z
    .int()
    .optional()
    .meta({ description: `Changes of ${what}.` });

const changeCounts = z
  .strictObject({
    customization: changesOf('the switch that lets an organization be customized'),
    unifiedAuditLog: changesOf('the unified audit log'),
    organizationAuditing: changesOf('the switch for mailbox auditing'),
    mailboxes: changesOf('mailboxes, several of a mailbox'),
    bypasses: changesOf('associations that exempt users from auditing'),
    subscriptions: changesOf('subscriptions to the feed'),
  } satisfies Record<(typeof changingStepNames)[number], z.ZodType>)
  .meta({
    id: 'ChangeCounts',
    description:
      'Number of changes that a dry run would make, or that were made. What was not requested or is not known is absent.',
  });

const tenant = z
  .strictObject({
    ...memberMembers,
    enablementId: z.guid().optional().meta({ title: 'Enablement ID' }),
    changeCounts: changeCounts.optional(),
    ...errorMembers,
  })
  .meta({ id: 'RolloutTenant' });

export const rolloutTenantsSchema = z
  .strictObject({ value: z.array(tenant), nextLink })
  .meta({ id: 'RolloutTenantList' });

/** Enablements and postures in answers. */
import * as z from 'zod';
import { stepSchema } from '../../enablement/enablement.ts';
import { postureSchema } from '../../enablement/posture.ts';
import { enablementStatuses } from '../../enablement/public-enablement.ts';
import { ofTenant } from './of-tenant.ts';
import { moment, nextLink } from './times.ts';

/** Also of enablements in several tenants together. */
export const enablementStatus = z.enum(enablementStatuses).meta({ id: 'EnablementStatus' });

export const enablementSchema = z
  .strictObject({
    id: z.guid().meta({ title: 'Enablement ID' }),
    tenantId: z.guid().meta({ title: 'Tenant ID' }),
    status: enablementStatus,
    dryRun: z.boolean().meta({ description: 'Nothing is changed in the tenant.' }),
    percentComplete: z.int(),
    createdDateTime: moment('When it was requested.'),
    lastActionDateTime: moment('When the last step ran.'),
    steps: z.array(stepSchema.meta({ id: 'EnablementStep' })),
  })
  .meta({ id: 'Enablement' });

const posture = postureSchema
  .omit({ takenAt: true })
  .extend({
    checkedDateTime: moment('When it was checked.'),
    problems: z.array(z.string()).meta({ description: 'What is wrong, in plain words.' }),
    drift: z.array(z.string()).meta({ description: 'What became worse since the previous check.' }),
  })
  .meta({ id: 'Posture' });

export const posturesSchema = z
  .strictObject({ value: z.array(posture).meta({ description: 'One per day, newest first.' }) })
  .meta({ id: 'Postures' });

const { checkedDateTime, problems, drift, ...settings } = posture.shape;

const postureOfTenant = z
  .strictObject({
    ...ofTenant,
    checkedDateTime: checkedDateTime.optional().meta({
      description: 'When it was checked; absent, like the settings, if it never was.',
      format: 'date-time',
    }),
    ...z.object(settings).partial().shape,
    problems,
    drift,
  })
  .meta({ id: 'TenantPosture' });

export const postureListSchema = z
  .strictObject({
    value: z.array(postureOfTenant).meta({
      description:
        'Auditing is off; something got worse; something is wrong; never checked; as wanted. Among equals, the most problems first.',
    }),
    nextLink,
  })
  .meta({ id: 'PostureList' });

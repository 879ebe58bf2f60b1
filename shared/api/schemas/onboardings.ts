/** Onboardings in answers. */
import * as z from 'zod';
import { consentWaySchema, rowOutcomes } from '../../onboardings/onboarding.ts';
import { tenantStates } from '../../tenants/tenant.ts';
import { errorMembers, historyMembers, identityMembers } from './operation-members.ts';
import { moment, nextLink } from './times.ts';

const count = (description: string) => z.int().meta({ description });
const { id, status } = identityMembers('Onboarding ID');

const row = z
  .strictObject({
    row: count('Number of the row in the request, from 1.'),
    status: z
      .enum(['NotStarted', ...rowOutcomes])
      .meta({ id: 'OnboardingRowStatus' })
      .meta({
        description:
          'Registered since the onboarding was requested, or before; ConsentRefused: registered, but Partner Center did not consent; Refused: not registered.',
      }),
    domain: z.string().optional(),
    displayName: z.string().optional(),
    tenantId: z.guid().optional().meta({ description: 'Absent until it is known.' }),
    tenantState: z
      .enum(tenantStates)
      .meta({ id: 'TenantState' })
      .optional()
      .meta({ description: 'As it was when the row was done.' }),
    errorCode: z.string().optional(),
    errorMessage: z.string().optional().meta({ description: 'What is wrong, and what to do about it.' }),
    sameTenantAsRow: count('Number of the row that has the same tenant, and counts.').optional(),
  })
  .meta({ id: 'OnboardingRow' });

export const onboardingSchema = z
  .strictObject({
    id,
    status,
    consent: consentWaySchema,
    dryRun: z.boolean().meta({ description: 'Nothing was registered: rows say what would become of them.' }),
    tenantCount: count('Rows of the request.'),
    doneCount: count('Rows that have a result.'),
    registeredCount: count('Tenants that were registered since the onboarding was requested.'),
    alreadyRegisteredCount: count('Tenants that were registered before.'),
    consentRefusedCount: count('Tenants that are registered, and for which Partner Center did not consent.'),
    refusedCount: count('Rows that were refused.'),
    tenants: z.array(row).meta({ description: 'All rows, in the order of the request.' }),
    ...historyMembers,
    ...errorMembers,
  })
  .meta({ id: 'Onboarding' });

const summary = onboardingSchema.omit({ tenants: true }).meta({ id: 'OnboardingSummary' });

export const onboardingListSchema = z
  .strictObject({ value: z.array(summary), nextLink })
  .meta({ id: 'OnboardingList' });

export const consentLinksSchema = z
  .strictObject({
    value: z.array(
      z
        .strictObject({
          row: count('Number of the row in the request, from 1.'),
          tenantId: z.guid(),
          domain: z.string().optional(),
          displayName: z.string(),
          url: z.string(),
          expiresDateTime: moment('When the link expires.'),
          mailSubject: z.string(),
          mailText: z.string().meta({ description: 'A text to send with the link in it.' }),
        })
        .meta({ id: 'ConsentLinkToSend' }),
    ),
  })
  .meta({ id: 'ConsentLinks' });

/** Tenants in answers. */
import * as z from 'zod';
import { cloudSchema } from '../../activity/clouds.ts';
import { contentTypeSchema } from '../../activity/content-types.ts';
import { retentionSchema } from '../../retention/retention.ts';
import { policyMembers } from '../../tenants/policy.ts';
import { tenantStates, tenantCheckSchema } from '../../tenants/tenant.ts';
import { holdInForceSchema } from './legal-hold.ts';
import { removalOfTenant } from './removals.ts';
import { feedSubscription, pollMembers, retainedFrom } from './tenant-members.ts';
import { moment } from './times.ts';

export const contentTypesSchema = z
  .strictObject({
    value: z.array(
      z
        .strictObject({ ...feedSubscription.shape, enabled: z.boolean().optional() })
        .meta({ id: 'CollectedContentType' }),
    ),
  })
  .meta({ id: 'CollectedContentTypes' });

const tenantMembers = {
  tenantId: z.guid().meta({ title: 'Tenant ID' }),
  displayName: z.string(),
  domain: z.string().optional().meta({ description: 'The domain it was registered with.' }),
  domains: z.array(z.string()).optional().meta({
    description: 'Domains that it has verified. Each of them names it. Absent until they could be read.',
  }),
  domainsReadDateTime: moment('When the domains were read.').optional(),
  tags: z
    .array(z.string())
    .meta({ description: 'Its tags: tenants=tag:gold names all tenants with the tag gold.' }),
  cloud: cloudSchema,
  state: z
    .enum(tenantStates)
    .meta({ id: 'TenantState' })
    .meta({ description: 'Only active tenants are polled.' }),
  removalId: z.guid().optional().meta({
    title: 'Removal ID',
    description: 'Its removal; only in the state Removing.',
  }),
  removal: removalOfTenant
    .optional()
    .meta({ description: 'Its removal, in the state Removing; only where one tenant is shown.' }),
  checks: z.array(tenantCheckSchema.meta({ id: 'TenantCheck' })),
  contentTypes: z.array(contentTypeSchema).meta({ description: 'What is collected.' }),
  subscriptions: z.array(feedSubscription),
  repairDrift: z
    .boolean()
    .meta({ description: 'Whether auditing that was turned off is turned on again automatically.' }),
  retention: retentionSchema
    .optional()
    .meta({ id: 'Retention' })
    .meta({ description: 'How long its data is kept; absent: as the settings of the app say.' }),
  differsFromPolicy: z
    .array(policyMembers.meta({ id: 'PolicyMember' }))
    .optional()
    .meta({
      description:
        'Its settings that differ from the policy for new tenants. Only for callers who see all tenants.',
    }),
  policyEnablementId: z.guid().optional().meta({
    title: 'Policy Enablement ID',
    description:
      'The enablement that the policy has started in it, or will. Only for callers who see all tenants.',
  }),
  retainedFromDateTime: retainedFrom.optional(),
  createdDateTime: moment('When it was registered.'),
  legalHold: holdInForceSchema
    .optional()
    .meta({ description: 'The hold because of which nothing is deleted; only where one tenant is shown.' }),
  ...pollMembers,
};

export const tenantSchema = z.strictObject(tenantMembers).meta({ id: 'Tenant' });
export const tenantListSchema = z.strictObject({ value: z.array(tenantSchema) }).meta({ id: 'TenantList' });

export const registeredTenantSchema = z
  .strictObject({
    ...tenantMembers,
    consentUrl: z.string().optional().meta({ description: "Send it to the customer's administrator." }),
    consentUrlExpiresDateTime: moment('When the link expires.').optional(),
  })
  .meta({ id: 'RegisteredTenant' });

export const consentLinkSchema = z
  .strictObject({ url: z.string(), expiresDateTime: moment('When the link expires.') })
  .meta({ id: 'ConsentLink' });

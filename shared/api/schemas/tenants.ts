/** Tenants, and operations on them, in answers. */
import * as z from 'zod';
import { searchedRange } from './backfills.ts';
import { cloudSchema } from '../../activity/clouds.ts';
import { contentTypeSchema } from '../../activity/content-types.ts';
import { retentionSchema } from '../../retention/retention.ts';
import { deletedPlaceSchema } from '../../offboarding/removal.ts';
import { policyMembers } from '../../tenants/policy.ts';
import { roleHolderSchema } from '../../tenants/role-holders.ts';
import { tenantStates, tenantCheckSchema } from '../../tenants/tenant.ts';
import { operationStatus } from './operation-members.ts';
import { holdInForceSchema } from './legal-hold.ts';
import { ofTenant } from './of-tenant.ts';
import { completeThrough, moment, nextLink } from './times.ts';

const subscription = z
  .strictObject({
    contentType: contentTypeSchema,
    enabled: z.boolean(),
    errorCode: z.string().optional(),
    errorMessage: z.string().optional(),
    checkedDateTime: moment('When this was found.').optional(),
  })
  .meta({ id: 'FeedSubscription' });

export const contentTypesSchema = z
  .strictObject({
    value: z.array(
      z
        .strictObject({ ...subscription.shape, enabled: z.boolean().optional() })
        .meta({ id: 'CollectedContentType' }),
    ),
  })
  .meta({ id: 'CollectedContentTypes' });

const pollMembers = {
  lastPollDateTime: moment('When it was last polled.').optional(),
  nextPollDateTime: moment('When it is polled next.'),
  lastError: z.string().optional().meta({ description: "Code of the last poll's failure." }),
  lastErrorCure: z.string().optional().meta({ description: 'What to do about it.' }),
  throttled: z.boolean().meta({
    description: 'Whether Microsoft throttled the last poll; the next one waits as long as it asked.',
  }),
};

const retainedFrom = moment(
  'Records before this time are deleted, or about to be, because of the retention.',
);

const count = z.int();

const removalMembers = {
  id: z.guid().meta({ title: 'Removal ID' }),
  tenantId: z.guid(),
  purge: z.boolean(),
  createdBy: z.string().describe('Who requested it.'),
  status: operationStatus,
  deleted: z.strictObject({ blobs: count, tables: count, rows: count }),
  createdDateTime: moment('When it was requested.'),
  effectiveDateTime: moment(
    'When the purge begins; until then, it can be canceled without any loss.',
  ).optional(),
  lastActionDateTime: moment('When it last made progress.'),
  attempts: count.optional(),
  retainedBlobs: count
    .describe('Blobs that an immutability policy keeps; they are deleted within a day of its end.')
    .optional(),
  errorCode: z.string().optional(),
  errorMessage: z.string().optional(),
};

const removalOfTenant = z
  .strictObject({
    id: removalMembers.id,
    purge: removalMembers.purge,
    status: removalMembers.status,
    createdBy: removalMembers.createdBy,
    createdDateTime: removalMembers.createdDateTime,
    effectiveDateTime: removalMembers.effectiveDateTime,
  })
  .meta({ id: 'RemovalOfTenant' });

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
  subscriptions: z.array(subscription),
  repairDrift: z
    .boolean()
    .meta({ description: 'Whether auditing that was turned off is turned on again automatically.' }),
  retention: retentionSchema
    .optional()
    .meta({ id: 'Retention' })
    .meta({ description: 'How long its data is kept; absent: as the settings of the app say.' }),
  differsFromPolicy: z
    .array(policyMembers.meta({ id: 'PolicyMember' }))
    .meta({ description: 'Its settings that differ from the policy for new tenants.' }),
  policyEnablementId: z.guid().optional().meta({
    title: 'Policy Enablement ID',
    description: 'The enablement that the policy has started in it, or will.',
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

export const customersSchema = z
  .strictObject({
    value: z.array(
      z
        .strictObject({
          tenantId: z.guid().meta({ title: 'Tenant ID' }),
          displayName: z.string(),
          domain: z.string().optional().meta({ description: 'As Partner Center knows it.' }),
          registered: z.boolean().meta({ description: 'Whether it is a tenant here.' }),
          state: z
            .enum(tenantStates)
            .meta({ id: 'TenantState' })
            .optional()
            .meta({ description: 'Of the tenant; absent unless it is registered.' }),
        })
        .meta({ id: 'Customer' }),
    ),
  })
  .meta({ id: 'CustomerList' });

const relationshipGrant = z
  .strictObject({
    name: z
      .string()
      .meta({ description: 'consent, exchangeRole, or permission: and the name of a permission.' }),
    state: z.enum(['Granted', 'AlreadyGranted', 'Refused']),
    code: z.string().optional().meta({ description: 'Of the refusal.' }),
    message: z.string().optional(),
    cure: z.string().optional().meta({ description: 'What to do about the refusal.' }),
  })
  .meta({ id: 'RelationshipGrant' });

export const relationshipConsentSchema = z
  .strictObject({
    grants: z.array(relationshipGrant),
    tenant: tenantSchema.meta({ description: 'The tenant as its check found it.' }),
  })
  .meta({ id: 'RelationshipConsent' });

export const consentLinkSchema = z
  .strictObject({ url: z.string(), expiresDateTime: moment('When the link expires.') })
  .meta({ id: 'ConsentLink' });

export const removalSchema = z.strictObject(removalMembers).meta({ id: 'Removal' });

const removalCertificate = z
  .strictObject({
    tenantId: z.guid(),
    requestedBy: z.string(),
    requestedDateTime: moment('When the purge was requested.'),
    beganDateTime: moment('When the first data was deleted; absent if there was none.').optional(),
    endedDateTime: moment('When the removal ended: nothing was left for 15 minutes.'),
    deleted: z
      .array(deletedPlaceSchema.meta({ id: 'DeletedPlace' }))
      .readonly()
      .optional()
      .meta({
        description:
          'What was deleted by container (blobs), table (rows), and index (tables). At least so many: what was deleted right before a host ended is not counted. Absent for removals of earlier releases.',
      }),
    remaining: z.array(z.strictObject({ what: z.string(), why: z.string() })),
  })
  .meta({ id: 'RemovalCertificate' });

export const removalResultSchema = z
  .strictObject({
    ...removalMembers,
    certificate: removalCertificate.optional().meta({ description: 'Of a purge that has succeeded.' }),
  })
  .meta({ id: 'RemovalResult' });

const share = z.number().min(0).max(1);

const lateness = z
  .strictObject({
    samples: count.meta({ description: 'Content blobs that were measured; older ones count less and less.' }),
    p50Seconds: count.meta({ description: 'Half of them were listed by this age; 0 for the first listing.' }),
    p99Seconds: count.meta({ description: '99 percent of them were listed by this age.' }),
    maxSeconds: count.meta({ description: 'All of them were listed by this age.' }),
  })
  .meta({
    id: 'Lateness',
    description:
      'How long after its publication content is listed, as far as the listings of a time show it: the first one, those at an age of 10 minutes, 1, 6, and 18 hours, and the reconciliation (7 days).',
  });

const typeIngestion = z
  .strictObject({
    ...subscription.shape,
    enabled: z.boolean().optional().meta({
      description: 'Whether Microsoft delivers the content; absent while that is unknown.',
    }),
    cure: z.string().optional().meta({ description: 'What to do if it is not enabled.' }),
    collectedFromDateTime: moment(
      'When it was listed first; content published before may be missing.',
    ).optional(),
    listedThrough: moment(
      'Content published before this time has been listed; what Microsoft lists later is found when it is listed again.',
    ).optional(),
    completeThrough,
    confidence: share
      .meta({
        description:
          'Share of content before completeThrough that is found in time, by the history of the tenant: the rest is listed later. A short history proves little. Absent without one.',
      })
      .optional(),
    lateness: lateness.optional(),
    lagSeconds: count.optional().meta({
      description: 'How far completeThrough is in the past, in seconds; absent while it is unknown.',
    }),
    pending: count.meta({ description: 'Pending content blobs.' }),
    oldestPendingDateTime: moment('When the oldest pending content blob was published.').optional(),
  })
  .meta({ id: 'ContentTypeIngestion' });

const ingestionMembers = {
  idle: z.boolean().meta({ description: 'Everything that was listed is indexed.' }),
  completeThrough,
  pending: count.meta({ description: 'Pending content blobs.' }),
  rejected: count.meta({
    description:
      'Content blobs that could not be read, or not as a whole. The whole records of them are collected.',
  }),
  rejectedParts: count.meta({
    description: 'Parts of rejected content blobs that are not records; their bodies are kept as received.',
  }),
  unindexedLandings: count,
  recordsIndexing: count.meta({
    description:
      'Records processed so far of the landings that are not indexed, which recordsIndexed does not count. Updated every 5,000 records.',
  }),
  gaps: count.meta({
    description: 'Time ranges and content blobs that are permanently lost.',
  }),
  backfilled: z.array(searchedRange).meta({
    description: 'Where backfills have searched the whole audit log of Microsoft, merged.',
  }),
  ...pollMembers,
};

export const ingestionSchema = z
  .strictObject({
    tenantId: z.guid(),
    ...ingestionMembers,
    contentTypes: z.array(typeIngestion),
    retainedFromDateTime: retainedFrom.optional(),
    totalsSinceDateTime: moment('The totals below count from this time.'),
    contentBlobs: count,
    recordsLanded: count,
    recordsIndexed: count,
    duplicates: count,
    notUnderstood: count,
  })
  .meta({ id: 'Ingestion' });

export const ingestionListSchema = z
  .strictObject({
    value: z.array(
      z
        .strictObject({
          tenantId: z.guid(),
          displayName: z.string(),
          state: z.enum(tenantStates).meta({ id: 'TenantState' }),
          ...ingestionMembers,
          lagSeconds: count.optional().meta({
            description: 'How far completeThrough is in the past, in seconds; absent while it is unknown.',
          }),
          oldestPendingDateTime: moment('When the oldest pending content blob was published.').optional(),
          disabledContentTypes: z
            .array(contentTypeSchema)
            .meta({ description: 'What Microsoft does not deliver; GET …/ingestion says why.' }),
        })
        .meta({ id: 'TenantIngestion' }),
    ),
    nextLink,
  })
  .meta({ id: 'IngestionList' });

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

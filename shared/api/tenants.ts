/** Operations on tenants. */
import * as z from 'zod';
import { once } from '../http/parameters.ts';
import { rangeParameters } from '../query/filters.ts';
import { tenantPageParameters } from '../query/record-query.ts';
import { relationshipOptionsSchema } from '../partner-center/consent-by-relationship.ts';
import { tenantRegistrationSchema } from '../tenants/register-tenant.ts';
import { tenantUpdateSchema } from '../tenants/update-tenant.ts';
import { content, json, noContent, refusal } from './answers.ts';
import { followUps } from './follow-ups.ts';
import { acceptedHeaders } from './headers.ts';
import { operation } from './operation.ts';
import { namedListSchema } from './schemas/metadata.ts';
import { postureListSchema, posturesSchema } from './schemas/enablements.ts';
import { customersSchema, relationshipConsentSchema } from './schemas/customers.ts';
import { ingestionSchema } from './schemas/ingestion.ts';
import { removalResultSchema, removalSchema } from './schemas/removals.ts';
import { roleHoldersOfTenantsSchema, roleHoldersSchema } from './schemas/role-holders.ts';
import {
  consentLinkSchema,
  contentTypesSchema,
  registeredTenantSchema,
  tenantListSchema,
  tenantSchema,
} from './schemas/tenants.ts';

const area = 'Tenants';
const read = { scope: 'records.read' } as const;
const manageAll = { scope: 'tenants.manage', allTenants: true } as const;

export const listTenants = operation('ListTenants', ['GET', 'tenants'], {
  area,
  audience: read,
  summary: 'List tenants',
  description: 'Lists the tenants that you may see.',
  answers: { 200: json('The tenants.', tenantListSchema) },
  connector: { visibility: 'none' },
});

export const listTenantChoices = operation('ListTenantChoices', ['GET', 'tenantChoices'], {
  area: 'Vocabulary',
  audience: read,
  summary: 'List choices of tenants',
  description:
    'Lists what the parameter tenants takes: all tenants, each tag, and each tenant that you may read, by name.',
  answers: { 200: json('The choices.', namedListSchema) },
  connector: { visibility: 'internal' },
});

export const registerTenant = operation('RegisterTenant', ['POST', 'tenants'], {
  area,
  audience: manageAll,
  summary: 'Register a tenant',
  description: 'Onboards a tenant by its ID or domain, or changes its settings.',
  body: tenantRegistrationSchema,
  answers: {
    200: json('The tenant was registered already.', registeredTenantSchema, ['Location']),
    201: json('The tenant is new.', registeredTenantSchema, ['Location']),
  },
  connector: { visibility: 'advanced' },
});

export const getTenant = operation('GetTenant', ['GET', 'tenants/{tenantId}'], {
  area,
  audience: read,
  summary: 'Get a tenant',
  description: 'Shows a tenant, what it has granted, its subscriptions and the outcome of its last poll.',
  answers: { 200: json('The tenant.', tenantSchema) },
  connector: { visibility: 'advanced' },
});

export const updateTenant = operation('UpdateTenant', ['PATCH', 'tenants/{tenantId}'], {
  area,
  audience: manageAll,
  summary: 'Update a tenant',
  description: 'Changes the settings of a tenant that are sent, and no others.',
  body: tenantUpdateSchema,
  answers: { 200: json('The tenant.', tenantSchema), 409: refusal(409) },
  connector: { visibility: 'advanced' },
});

const purge = once(
  z
    .string()
    .toLowerCase()
    .pipe(z.enum(['true', 'false'], 'must be true or false'))
    .transform((text) => text === 'true'),
);

export const removeTenant = operation('RemoveTenant', ['DELETE', 'tenants/{tenantId}'], {
  area,
  audience: manageAll,
  summary: 'Remove a tenant',
  description:
    'Offboards a tenant, and deletes everything that was collected if purge is true. A purge requires the scope tenants.purge as well; it begins after a delay, until which it can be canceled.',
  query: z.strictObject({
    purge: purge.default(false).meta({
      title: 'Purge',
      description:
        'Also deletes everything that was collected, after a delay. Requires the scope tenants.purge.',
      wire: { type: 'boolean', default: undefined },
    }),
  }),
  answers: {
    202: json('The removal was started.', removalSchema, acceptedHeaders),
    409: refusal(409),
    204: noContent('The tenant does not exist, and there is nothing to delete.'),
  },
});

export const checkTenant = operation('CheckTenant', ['POST', 'tenants/{tenantId}/checks'], {
  area,
  audience: { scope: 'tenants.manage' },
  summary: 'Check a tenant',
  description: 'Checks what a tenant has granted, and activates it if possible.',
  answers: { 200: json('The tenant.', tenantSchema) },
  connector: { visibility: 'advanced' },
});

export const createConsentLink = operation('CreateConsentLink', ['POST', 'tenants/{tenantId}/consentLinks'], {
  area,
  audience: { scope: 'tenants.manage', managed: true },
  summary: 'Create a consent link',
  description: "Creates a link with which the customer's administrator grants consent.",
  answers: { 200: json('The link.', consentLinkSchema) },
  connector: { visibility: 'advanced' },
});

const page = (description: string) =>
  content(description, ['text/html'], ['Content-Security-Policy', 'Referrer-Policy']);
const sentByMicrosoft = (description: string) => once(z.string()).optional().meta({ description });

export const receiveConsent = operation('ReceiveConsent', ['GET', 'consent/callback'], {
  area,
  audience: 'anonymous',
  needsSecret: true,
  summary: 'Return from consent',
  description: 'Microsoft sends administrators here after asking them for consent.',
  query: z.strictObject({
    state: sentByMicrosoft('From the link; valid for one use.'),
    tenant: sentByMicrosoft('The tenant that consented.'),
    admin_consent: sentByMicrosoft('Not trusted.'),
    scope: sentByMicrosoft('Not trusted.'),
    error: sentByMicrosoft('Why consent is missing.'),
    error_description: sentByMicrosoft('The same as a sentence.'),
  }),
  answers: {
    200: page('Consent was granted.'),
    400: page('The link is invalid, or consent was declined.'),
  },
});

export const listCustomers = operation('ListCustomers', ['GET', 'customers'], {
  area,
  audience: manageAll,
  summary: 'List customers',
  description:
    'Lists your customers in Partner Center, and which of them are registered. Requires a connection to Partner Center.',
  answers: { 200: json('The customers.', customersSchema), 409: refusal(409) },
});

export const grantConsent = operation('GrantConsent', ['POST', 'tenants/{tenantId}/consents'], {
  area,
  audience: manageAll,
  summary: 'Grant consent by a relationship',
  description:
    'Consents in the tenant of a customer by your GDAP relationship with it, without a link, grants the permissions and the Exchange role, and checks the tenant. Repeated, it grants what is missing. Requires a connection to Partner Center.',
  bodyOptional: true,
  body: relationshipOptionsSchema,
  answers: { 200: json('What was granted, and the tenant.', relationshipConsentSchema) },
});

export const getIngestion = operation('GetIngestion', ['GET', 'tenants/{tenantId}/ingestion'], {
  area,
  audience: read,
  summary: 'Get the state of ingestion',
  description: 'Shows what was collected from a tenant, what is pending, and what is permanently lost.',
  answers: { 200: json('The state.', ingestionSchema) },
  connector: { visibility: 'advanced' },
});

export const listContentTypes = operation('ListContentTypes', ['GET', 'tenants/{tenantId}/contentTypes'], {
  area,
  audience: read,
  summary: 'List content types',
  description:
    'Lists the content types that are collected from a tenant, with the state of their subscriptions.',
  answers: { 200: json('The content types.', contentTypesSchema) },
});

export const listRoleHolders = operation('ListRoleHolders', ['GET', 'tenants/{tenantId}/roleHolders'], {
  area,
  audience: read,
  summary: 'List global administrators',
  description: 'Lists who holds, or held during a range of days, the role Global Administrator.',
  query: rangeParameters,
  answers: { 200: json('The role holders.', roleHoldersSchema) },
  connector: { visibility: 'none' },
});

export const getPosture = operation('GetPosture', ['GET', 'tenants/{tenantId}/posture'], {
  area,
  audience: read,
  summary: 'Get the audit posture',
  description: 'Shows the audit settings of a tenant day by day: what is wrong, and what got worse.',
  answers: { 200: json('The last days.', posturesSchema) },
  connector: { visibility: 'none' },
});

export const listPostures = operation('ListPostures', ['GET', 'posture'], {
  area,
  audience: read,
  summary: 'List the audit postures of several tenants',
  description:
    'Shows the newest audit settings of several tenants: what is wrong, and what got worse, the worst first. The first pages of more than 200 tenants are empty.',
  query: z.strictObject(tenantPageParameters),
  answers: { 200: json('The postures.', postureListSchema), 404: refusal(404), 414: refusal(414) },
  connector: { visibility: 'none', pageable: true },
});

export const listRoleHoldersOfTenants = operation('ListRoleHoldersOfTenants', ['GET', 'roleHolders'], {
  area,
  audience: read,
  summary: 'List global administrators of several tenants',
  description:
    'Lists who holds, or held during a range of days, the role Global Administrator in several tenants.',
  query: rangeParameters.extend(tenantPageParameters),
  answers: {
    200: json('The role holders.', roleHoldersOfTenantsSchema),
    404: refusal(404),
    414: refusal(414),
  },
  connector: { visibility: 'none', pageable: true },
});

export const {
  get: getRemoval,
  result: getRemovalResult,
  cancel: cancelRemoval,
} = followUps({
  area,
  noun: 'Removal',
  one: 'a removal',
  route: 'removals/{removalId}',
  audience: manageAll,
  view: removalSchema,
  result: removalResultSchema,
  cancel:
    'Stops a removal within seconds. What was deleted stays deleted, and the tenant is collected again if its consent is still there.',
});

/** Operations on tenants. */
import * as z from 'zod';
import { rangeParameters } from '../../query/filters.ts';
import { tenantRegistrationSchema } from '../../tenants/register-tenant.ts';
import { posturesSchema } from '../answers/enablements.ts';
import {
  consentLinkSchema,
  ingestionSchema,
  registeredTenantSchema,
  removalSchema,
  roleHoldersSchema,
  tenantListSchema,
  tenantSchema,
} from '../answers/tenants.ts';
import { refusal } from '../complete.ts';
import type { Operation } from '../operation.ts';
import { accepted, goesOn, id, json, ofTenant } from './parameters.ts';

const area = 'Tenants';
const read = { scope: 'records.read' } as const;
const manage = { scope: 'tenants.manage' } as const;
const manageAll = { scope: 'tenants.manage', allTenants: true } as const;
const removalId = z.object({ removalId: id('Removal ID', 'Id of the removal.') });
const purge = z
  .enum(['true', 'false'])
  .optional()
  .meta({ title: 'Purge', description: 'Whether everything that was collected is deleted, too.' });

export const tenantOperations: readonly Operation[] = [
  {
    ...{ operationId: 'ListTenants', method: 'GET', route: 'tenants', area, audience: read },
    summary: 'List tenants',
    description: 'Lists the tenants that you may see.',
    responses: { 200: json('The tenants.', tenantListSchema) },
    connector: { visibility: 'none' },
  },
  {
    ...{ operationId: 'RegisterTenant', method: 'POST', route: 'tenants', area, audience: manageAll },
    summary: 'Register a tenant',
    description: 'Takes a tenant into care by its id or domain, or changes what was said of it.',
    body: tenantRegistrationSchema,
    responses: {
      200: json('It was known already.', registeredTenantSchema, ['Location']),
      201: json('It is new.', registeredTenantSchema, ['Location']),
    },
    connector: { visibility: 'advanced' },
  },
  {
    ...{ operationId: 'GetTenant', method: 'GET', route: 'tenants/{tenantId}', area, audience: read },
    summary: 'Get a tenant',
    description: 'Shows a tenant, what it has granted, its subscriptions and how its last poll went.',
    parameters: ofTenant,
    responses: { 200: json('The tenant.', tenantSchema) },
    connector: { visibility: 'advanced' },
  },
  {
    ...{ operationId: 'RemoveTenant', method: 'DELETE', route: 'tenants/{tenantId}', area },
    audience: manageAll,
    summary: 'Remove a tenant',
    description: 'Takes a tenant out of care, and deletes what was collected where that is asked for.',
    parameters: ofTenant.extend({ purge }),
    responses: {
      202: json('It is being removed.', removalSchema, accepted),
      204: { description: 'There is no such tenant, and nothing to delete.' },
    },
  },
  {
    ...{ operationId: 'CheckTenant', method: 'POST', route: 'tenants/{tenantId}/checks', area },
    audience: manage,
    summary: 'Check a tenant',
    description: 'Looks anew at what a tenant has granted, and activates it if it may be.',
    parameters: ofTenant,
    responses: { 200: json('The tenant.', tenantSchema) },
    connector: { visibility: 'advanced' },
  },
  {
    ...{ operationId: 'CreateConsentLink', method: 'POST', route: 'tenants/{tenantId}/consentLinks', area },
    audience: manage,
    summary: 'Create a consent link',
    description: "Makes a link by which the customer's administrator gives consent.",
    parameters: ofTenant,
    responses: { 200: json('The link.', consentLinkSchema) },
    connector: { visibility: 'advanced' },
  },
  {
    ...{ operationId: 'ReceiveConsent', method: 'GET', route: 'consent/callback', area },
    audience: 'anonymous',
    summary: 'Come back from consent',
    description: 'Microsoft sends administrators here after they were asked for consent.',
    parameters: z.object({
      state: z.string().optional().meta({ description: 'From the link; good for one use.' }),
      tenant: z.string().optional().meta({ description: 'The tenant that consented.' }),
      admin_consent: z.string().optional().meta({ description: 'Not believed.' }),
      scope: z.string().optional().meta({ description: 'Not believed.' }),
      error: z.string().optional().meta({ description: 'Why there is no consent.' }),
      error_description: z.string().optional().meta({ description: 'The same in words.' }),
    }),
    responses: { 200: page('Consent is given.'), 400: page('The link is no good, or consent was declined.') },
  },
  {
    ...{ operationId: 'GetIngestion', method: 'GET', route: 'tenants/{tenantId}/ingestion', area },
    audience: read,
    summary: 'Get the state of ingestion',
    description: 'Shows what was collected of a tenant, what is waited for, and what can never be had.',
    parameters: ofTenant,
    responses: { 200: json('The state.', ingestionSchema) },
    connector: { visibility: 'advanced' },
  },
  {
    ...{ operationId: 'ListRoleHolders', method: 'GET', route: 'tenants/{tenantId}/roleHolders', area },
    audience: read,
    summary: 'List global administrators',
    description: 'Lists who holds, or held in a range of days, the role Global Administrator.',
    parameters: ofTenant.extend(rangeParameters.shape),
    responses: { 200: json('Who holds the role.', roleHoldersSchema) },
    connector: { visibility: 'none' },
  },
  {
    ...{ operationId: 'GetPosture', method: 'GET', route: 'tenants/{tenantId}/posture', area },
    audience: read,
    summary: 'Get the audit posture',
    description: 'Shows how auditing stands in a tenant, day by day, what is wrong and what became worse.',
    parameters: ofTenant,
    responses: { 200: json('The last days.', posturesSchema) },
    connector: { visibility: 'none' },
  },
  {
    ...{ operationId: 'GetRemoval', method: 'GET', route: 'removals/{removalId}', area },
    audience: manageAll,
    summary: 'Get a removal',
    description: 'Shows how a removal goes.',
    parameters: removalId,
    responses: { 200: json('The removal.', removalSchema), 404: refusal(404) },
  },
  {
    ...{ operationId: 'GetRemovalResult', method: 'GET', route: 'removals/{removalId}/result', area },
    audience: manageAll,
    summary: 'Get the result of a removal',
    description: 'Waits for the end of a removal.',
    parameters: removalId,
    responses: {
      200: json('What was deleted.', removalSchema),
      202: json('It goes on.', removalSchema, goesOn),
      404: refusal(404),
    },
  },
];

function page(description: string) {
  const headers = ['Content-Security-Policy', 'Referrer-Policy'] as const;
  return { description, schema: z.string(), mediaTypes: ['text/html'], headers };
}

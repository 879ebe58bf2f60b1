/** Operations on enablements. */
import * as z from 'zod';
import { enablementRequestSchema } from '../../enablement/enablement.ts';
import { tenantIdSchema } from '../../tenants/tenant.ts';
import { enablementSchema } from '../answers/enablements.ts';
import { refusal } from '../complete.ts';
import type { Operation } from '../operation.ts';
import { accepted, goesOn, id, json, ofTenant, token } from './parameters.ts';

const area = 'Enablements';
const read = { scope: 'records.read' } as const;
const readByLink = { scope: 'records.read', orLink: true } as const;
const enable = { scope: 'auditing.enable' } as const;
const ofEnablement = z.object({
  ...ofTenant.shape,
  enablementId: id('Enablement ID', 'Id of the enablement.'),
});
const route = 'tenants/{tenantId}/enablements';

const signature = z.object({
  'webhook-id': z.string().optional().meta({ description: 'Id of the message.' }),
  'webhook-timestamp': z.string().optional().meta({ description: 'When it was signed, in epoch seconds.' }),
  'webhook-signature': z
    .string()
    .optional()
    .meta({ description: 'Signatures, as Standard Webhooks has them.' }),
});

export const enablementOperations: readonly Operation[] = [
  {
    ...{ operationId: 'StartEnablement', method: 'POST', route, area, audience: enable },
    summary: 'Turn auditing on',
    description: 'Makes auditing right in a tenant, and waits until that is done.',
    parameters: ofTenant,
    body: enablementRequestSchema,
    responses: { 202: json('It has begun.', enablementSchema, accepted) },
    connector: {
      visibility: 'important',
      result: enablementSchema,
      // Choices of mailboxes and actions are no boxes that a maker could fill in.
      body: enablementRequestSchema.omit({ mailboxes: true, nonOwner: true, owner: true }),
    },
  },
  {
    ...{
      operationId: 'GetEnablement',
      method: 'GET',
      route: `${route}/{enablementId}`,
      area,
      audience: read,
    },
    summary: 'Get an enablement',
    description: 'Shows how an enablement goes, step by step.',
    parameters: ofEnablement,
    responses: { 200: json('The enablement.', enablementSchema) },
    connector: { visibility: 'advanced' },
  },
  {
    ...{ operationId: 'GetEnablementResult', method: 'GET', area, audience: readByLink },
    route: `${route}/{enablementId}/result`,
    summary: 'Get the result of an enablement',
    description: 'Waits for the end of an enablement.',
    parameters: ofEnablement.extend({ t: token }),
    responses: {
      200: json('It has ended.', enablementSchema),
      202: json('It goes on.', enablementSchema, goesOn),
      422: refusal(422, 'Nothing of what was asked for could be done; details say why, step by step.'),
    },
    connector: { visibility: 'internal', without: ['t'] },
  },
  {
    ...{ operationId: 'CancelEnablement', method: 'POST', area, audience: enable },
    route: `${route}/{enablementId}/cancel`,
    summary: 'Cancel an enablement',
    description: 'Stops an enablement after what is in flight; what was changed stays.',
    parameters: ofEnablement,
    responses: { 202: json('It will stop.', enablementSchema) },
  },
  {
    ...{ operationId: 'StartSignedEnablement', method: 'POST', route: 'webhooks/enablement', area },
    audience: 'signed',
    summary: 'Turn auditing on by webhook',
    description: 'Starts an enablement for who signs the request with the secret of a tenant.',
    headers: signature,
    body: enablementRequestSchema.extend({ tenantId: tenantIdSchema }),
    responses: { 202: json('It has begun.', enablementSchema, accepted), 404: refusal(404) },
  },
];

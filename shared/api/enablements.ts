/** Operations on enablements. */
import * as z from 'zod';
import { enablementRequestSchema } from '../enablement/enablement.ts';
import { resultCapability } from '../http/result-link.ts';
import { tenantIdSchema } from '../tenants/tenant.ts';
import { json, refusal } from './answers.ts';
import { acceptedHeaders, waitingHeaders } from './headers.ts';
import { operation, type LinkRequest } from './operation.ts';
import { enablementSchema } from './schemas/enablements.ts';

const area = 'Enablements';

export const startEnablement = operation('StartEnablement', ['POST', 'tenants/{tenantId}/enablements'], {
  area,
  audience: { scope: 'auditing.enable', managed: true },
  summary: 'Turn auditing on',
  description: 'Turns auditing on in a tenant, and waits until that is done.',
  body: enablementRequestSchema,
  answers: { 202: json('The enablement was started.', enablementSchema, acceptedHeaders) },
  connector: {
    visibility: 'important',
    result: enablementSchema,
    // Lists of mailboxes and actions do not fit into the text boxes of a flow.
    body: enablementRequestSchema.omit({ mailboxes: true, nonOwner: true, owner: true }),
  },
});

export const getEnablement = operation(
  'GetEnablement',
  ['GET', 'tenants/{tenantId}/enablements/{enablementId}'],
  {
    area,
    audience: { scope: 'records.read' },
    summary: 'Get an enablement',
    description: 'Shows the status of an enablement, step by step.',
    answers: { 200: json('The enablement.', enablementSchema) },
    connector: { visibility: 'advanced' },
  },
);

export const getEnablementResult = operation(
  'GetEnablementResult',
  ['GET', 'tenants/{tenantId}/enablements/{enablementId}/result'],
  {
    area,
    audience: {
      scope: 'records.read',
      byLink: ({ path }: LinkRequest) =>
        resultCapability('enablements', path['tenantId'], path['enablementId']),
    },
    summary: 'Get the result of an enablement',
    description: 'Waits for the end of an enablement.',
    answers: {
      200: json('It has ended.', enablementSchema),
      202: json('It is still running.', enablementSchema, waitingHeaders),
      422: refusal(422, 'Every step failed; details give the reason for each.'),
    },
    connector: { visibility: 'internal', without: ['t'] },
  },
);

export const cancelEnablement = operation(
  'CancelEnablement',
  ['POST', 'tenants/{tenantId}/enablements/{enablementId}/cancel'],
  {
    area,
    audience: { scope: 'auditing.enable' },
    summary: 'Cancel an enablement',
    description: 'Stops an enablement after the change in progress; changes already made are kept.',
    answers: { 202: json('It will stop.', enablementSchema) },
  },
);

export const startSignedEnablement = operation('StartSignedEnablement', ['POST', 'webhooks/enablement'], {
  area,
  audience: 'signed',
  summary: 'Turn auditing on by webhook',
  description: 'Starts an enablement for a request signed with the secret of a tenant.',
  headers: z.object({
    'webhook-id': z.string().optional().meta({ description: 'Id of the message.' }),
    'webhook-timestamp': z.string().optional().meta({ description: 'When it was signed, in epoch seconds.' }),
    'webhook-signature': z
      .string()
      .optional()
      .meta({ description: 'Signatures as defined by Standard Webhooks.' }),
  }),
  body: enablementRequestSchema.extend({ tenantId: tenantIdSchema }),
  answers: { 202: json('The enablement was started.', enablementSchema, acceptedHeaders), 404: refusal(404) },
});

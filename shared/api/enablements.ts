/** Operations on enablements. */
import { enablementBodySchema } from '../enablement/enablement-body.ts';
import { tenantIdSchema } from '../tenants/tenant.ts';
import { json, refusal } from './answers.ts';
import { followUps } from './follow-ups.ts';
import { acceptedHeaders } from './headers.ts';
import { operation } from './operation.ts';
import { enablementSchema } from './schemas/enablements.ts';
import { optionalWebhookHeaders } from './webhook-headers.ts';

const area = 'Enablements';

export const startEnablement = operation('StartEnablement', ['POST', 'tenants/{tenantId}/enablements'], {
  area,
  audience: { scope: 'auditing.enable', managed: true },
  summary: 'Turn auditing on',
  description: 'Starts turning auditing on in a tenant. Location is where the result will be.',
  body: enablementBodySchema,
  answers: { 202: json('The enablement was started.', enablementSchema, acceptedHeaders) },
  connector: {
    visibility: 'important',
    description: 'Turns auditing on in a tenant, and waits until that is done.',
    result: enablementSchema,
    // Lists of mailboxes and actions do not fit into the text boxes of a flow.
    body: enablementBodySchema.omit({ mailboxes: true, nonOwner: true, owner: true }),
  },
});

export const {
  get: getEnablement,
  result: getEnablementResult,
  cancel: cancelEnablement,
} = followUps({
  area,
  noun: 'Enablement',
  one: 'an enablement',
  route: 'tenants/{tenantId}/enablements/{enablementId}',
  audience: { scope: 'records.read' },
  cancelScope: 'auditing.enable',
  linked: { kind: 'enablements', id: 'enablementId' },
  view: enablementSchema,
  result: enablementSchema,
  cancel: 'Stops an enablement after the change in progress; changes already made are kept.',
});

export const startSignedEnablement = operation('StartSignedEnablement', ['POST', 'webhooks/enablement'], {
  area,
  audience: 'signed',
  summary: 'Turn auditing on by webhook',
  description: 'Starts an enablement for a request signed with the secret of a tenant.',
  headers: optionalWebhookHeaders,
  body: enablementBodySchema.extend({ tenantId: tenantIdSchema }),
  answers: { 202: json('The enablement was started.', enablementSchema, acceptedHeaders), 404: refusal(404) },
});

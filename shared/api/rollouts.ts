/** Operations on rollouts: enablements in several tenants. */
import * as z from 'zod';
import { enablementBodySchema } from '../enablement/enablement-body.ts';
import { positionParameters } from '../http/positions.ts';
import { operationsParameters } from '../operations/page-of-operations.ts';
import { json, refusal } from './answers.ts';
import { followUps } from './follow-ups.ts';
import { acceptedHeaders } from './headers.ts';
import { operation } from './operation.ts';
import { tenantsInBody, tenantsOfMaker } from './tenants-in-bodies.ts';
import { rolloutListSchema, rolloutSchema, rolloutTenantsSchema } from './schemas/rollouts.ts';

const area = 'Enablements';
const audience = { scope: 'records.read' } as const;

const rolloutBody = enablementBodySchema
  .extend({ tenants: tenantsInBody })
  .transform(({ tenants, ...enablement }) => ({ tenants, enablement }));

export const startRollout = operation('StartRollout', ['POST', 'enablements'], {
  area,
  audience: { scope: 'auditing.enable' },
  summary: 'Turn auditing on in several tenants',
  description:
    'Starts an enablement in each tenant of a set, a few at once. Location is where the result will be. The scope records.read is needed in these tenants, too.',
  body: rolloutBody,
  answers: {
    202: json('The rollout was started.', rolloutSchema, acceptedHeaders),
    404: refusal(404),
  },
  connector: {
    visibility: 'advanced',
    description: 'Turns auditing on in each tenant of a set, and waits until that is done.',
    result: rolloutSchema,
    body: enablementBodySchema
      .omit({ mailboxes: true, nonOwner: true, owner: true })
      .extend({ tenants: tenantsOfMaker }),
  },
});

export const listRollouts = operation('ListRollouts', ['GET', 'enablements'], {
  area,
  audience,
  summary: 'List rollouts',
  description: 'Lists the rollouts of all callers who read the same tenants, newest first, in pages.',
  query: z.strictObject(operationsParameters),
  answers: { 200: json('A page of rollouts.', rolloutListSchema) },
});

export const {
  get: getRollout,
  result: getRolloutResult,
  cancel: cancelRollout,
} = followUps({
  area,
  noun: 'Rollout',
  one: 'a rollout',
  route: 'enablements/{rolloutId}',
  audience,
  cancelScope: 'auditing.enable',
  linked: { kind: 'rollouts', id: 'rolloutId' },
  view: rolloutSchema,
  result: rolloutSchema,
  cancel: 'Starts no more enablements, and cancels those of this rollout that are running.',
});

export const listRolloutTenants = operation(
  'ListRolloutTenants',
  ['GET', 'enablements/{rolloutId}/tenants'],
  {
    area,
    audience,
    summary: 'List the tenants of a rollout',
    description: 'Lists what became of each tenant of a rollout, the worst first, in pages.',
    query: z.strictObject(positionParameters),
    answers: { 200: json('A page of tenants.', rolloutTenantsSchema) },
    connector: { visibility: 'advanced', pageable: true },
  },
);

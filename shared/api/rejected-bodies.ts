/** Operations on bodies that could not be read as a whole. */
import { rejectedParameters } from '../landing/public-rejected.ts';
import { file, json, refusal } from './answers.ts';
import { reasonSchema } from './decisions.ts';
import { operation } from './operation.ts';
import { rejectedBodyListSchema, rejectedBodySchema } from './schemas/rejected.ts';

const area = 'Tenants';
const read = { scope: 'records.read' } as const;
const decide = { scope: 'tenants.manage', managed: true } as const;

export const listRejectedBodies = operation(
  'ListRejectedBodies',
  ['GET', 'tenants/{tenantId}/rejectedBodies'],
  {
    area,
    audience: read,
    summary: 'List rejected bodies',
    description:
      'Lists the content blobs whose bodies could not be read as a whole, newest first, with what landed of them.',
    query: rejectedParameters,
    answers: { 200: json('A page of rejected bodies.', rejectedBodyListSchema) },
  },
);

export const getRejectedBody = operation(
  'GetRejectedBody',
  ['GET', 'tenants/{tenantId}/rejectedBodies/{bodyId}'],
  {
    area,
    audience: read,
    summary: 'Get a rejected body',
    description: 'Shows what is wrong with a rejected body and where, and what landed of it.',
    answers: { 200: json('The facts.', rejectedBodySchema) },
  },
);

export const getRejectedBodyContent = operation(
  'GetRejectedBodyContent',
  ['GET', 'tenants/{tenantId}/rejectedBodies/{bodyId}/content'],
  {
    area,
    // The bytes are records, or parts of them.
    audience: read,
    summary: 'Download a rejected body',
    description: 'Returns the body as it was received from Microsoft.',
    answers: { 200: file('The bytes.', ['Content-Disposition']) },
  },
);

export const releaseRejectedBody = operation(
  'ReleaseRejectedBody',
  ['POST', 'tenants/{tenantId}/rejectedBodies/{bodyId}/release'],
  {
    area,
    audience: decide,
    summary: 'Try a rejected body again',
    description:
      'Fetches the content blob again now. If Microsoft no longer serves it, the whole records of the kept body are collected, unless they were already.',
    answers: {
      200: json('It is fetched by the next poll, which was requested.', rejectedBodySchema),
      409: refusal(409),
    },
  },
);

export const giveUpRejectedBody = operation(
  'GiveUpRejectedBody',
  ['POST', 'tenants/{tenantId}/rejectedBodies/{bodyId}/giveUp'],
  {
    area,
    audience: decide,
    summary: 'Give a rejected body up',
    description:
      'Ends the attempts to fetch the content blob. It stays listed as given up, and the records that it lacks stay missing.',
    body: reasonSchema,
    answers: { 200: json('It is given up.', rejectedBodySchema), 409: refusal(409) },
  },
);

/** Operations on findings. */
import * as z from 'zod';
import { severitySchema } from '../detection/severity.ts';
import { choice, momentParameter, once } from '../http/parameters.ts';
import { positionParameters } from '../http/positions.ts';
import { tenantsParameter } from '../query/record-query.ts';
import { json, refusal } from './answers.ts';
import { operation } from './operation.ts';
import { findingListSchema, findingSchema, findingState } from './schemas/findings.ts';

const area = 'Watches';
const audience = { scope: 'records.read' } as const;
const shown = { 200: json('The finding.', findingSchema), 404: refusal(404) } as const;

export const listFindings = operation('ListFindings', ['GET', 'findings'], {
  area,
  audience,
  summary: 'List findings',
  description: 'Lists what watches found in the records of several tenants, newest first.',
  query: z.strictObject({
    tenants: tenantsParameter,
    state: choice(findingState)
      .optional()
      .meta({ title: 'Finding State', description: 'Only those in this state.' }),
    severity: choice(severitySchema)
      .optional()
      .meta({ title: 'Finding Severity', description: 'Only those of this severity or a higher one.' }),
    watchId: once(z.guid('must be the ID of a watch'))
      .optional()
      .meta({ title: 'Watch ID', description: 'Only those of this watch.' }),
    from: momentParameter({
      title: 'From',
      description: 'Only those that were found at this moment or later.',
    }),
    to: momentParameter({ title: 'To', description: 'Only those that were found before this moment.' }),
    ...positionParameters,
  }),
  answers: { 200: json('A page of findings.', findingListSchema), 404: refusal(404) },
  connector: { visibility: 'advanced', pageable: true },
});

export const getFinding = operation('GetFinding', ['GET', 'tenants/{tenantId}/findings/{findingId}'], {
  area,
  audience,
  summary: 'Get a finding',
  description: 'Shows a finding with its first records.',
  answers: shown,
  connector: { visibility: 'advanced' },
});

export const changeFinding = operation(
  'ChangeFinding',
  ['PATCH', 'tenants/{tenantId}/findings/{findingId}'],
  {
    area,
    audience,
    summary: 'Change the state of a finding',
    description:
      'Says what people made of a finding. Channels are notified, so that a ticket is closed with it. Records that arrive later are added whatever the state is.',
    body: z.strictObject({
      state: findingState,
      reason: z.string().trim().min(1).max(500).optional().meta({ description: 'Why.' }),
    }),
    answers: { ...shown, 409: refusal(409) },
    connector: { visibility: 'advanced' },
  },
);

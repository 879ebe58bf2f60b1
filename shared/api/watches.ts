/** Operations on watches: which rules are applied to new records. */
import * as z from 'zod';
import { severities, severitySchema } from '../detection/severity.ts';
import { json, noContent, refusal } from './answers.ts';
import { momentText, momentWire } from './moments-in-bodies.ts';
import { operation } from './operation.ts';
import { tenantsInBody } from './tenants-in-bodies.ts';
import {
  dryRunSchema,
  packInBody,
  packRulesSchema,
  ruleInBody,
  sigmaInBody,
  suppressionSchema,
  watchListSchema,
  watchSchema,
} from './schemas/watches.ts';

const area = 'Watches';
const audience = { scope: 'tenants.manage', allTenants: true } as const;
const shown = { 200: json('The watch.', watchSchema), 404: refusal(404) } as const;

const displayName = z.string().trim().min(1).max(100);
const tenants = tenantsInBody.optional();
const enabled = z.boolean().optional().meta({ description: 'Whether its rules are applied to new records.' });
const source = { pack: packInBody.optional(), rule: ruleInBody.optional(), sigma: sigmaInBody.optional() };
const severityMeaning = { description: 'In place of what the rules say.' };

export const listWatches = operation('ListWatches', ['GET', 'watches'], {
  area,
  audience,
  summary: 'List watches',
  description: 'Lists which rules are applied to the new records of which tenants.',
  answers: { 200: json('The watches.', watchListSchema) },
});

export const createWatch = operation('CreateWatch', ['POST', 'watches'], {
  area,
  audience,
  summary: 'Create a watch',
  description:
    'Applies rules to the new records of a set of tenants: rules of the pack, a rule of your own, or Sigma rules. Exactly one of pack, rule, and sigma is sent.',
  body: z.strictObject({
    displayName,
    ...source,
    tenants,
    enabled,
    severity: severitySchema.optional().meta(severityMeaning),
  }),
  answers: { 201: json('The watch.', watchSchema, ['Location']), 404: refusal(404), 409: refusal(409) },
});

export const getWatch = operation('GetWatch', ['GET', 'watches/{watchId}'], {
  area,
  audience,
  summary: 'Get a watch',
  description: 'Shows a watch with what it passes over.',
  answers: shown,
});

export const changeWatch = operation('ChangeWatch', ['PATCH', 'watches/{watchId}'], {
  area,
  audience,
  summary: 'Change a watch',
  description:
    'Changes the members that are sent. All hosts know within a minute; findings stay as they are.',
  body: z.strictObject({
    displayName: displayName.optional(),
    ...source,
    tenants,
    enabled,
    severity: z
      .enum([...severities, 'asInRules'])
      .optional()
      .meta({
        id: 'WatchSeverity',
        description: 'In place of what the rules say; asInRules: what they say.',
      }),
  }),
  answers: { ...shown, 409: refusal(409) },
});

export const deleteWatch = operation('DeleteWatch', ['DELETE', 'watches/{watchId}'], {
  area,
  audience,
  summary: 'Delete a watch',
  description: 'Its rules are not applied anymore; its findings stay. Succeeds if it does not exist.',
  answers: { 204: noContent('The watch does not exist anymore.') },
});

export const createSuppression = operation('CreateSuppression', ['POST', 'watches/{watchId}/suppressions'], {
  area,
  audience,
  summary: 'Pass over harmless records',
  description:
    'Records of one tenant do not match the rules of the watch until a moment: all of them, or those with certain values of a member, such as a user, an address, or a network.',
  body: z.strictObject({
    tenantId: z.string().meta({ title: 'Tenant', description: 'ID of the tenant, or one of its domains.' }),
    member: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .meta({ description: 'A member of records, such as userId.' }),
    values: z.array(z.string().min(1).max(500)).min(1).max(100).optional().meta({
      description: 'Values of the member; those of addresses may be networks.',
    }),
    reason: z.string().trim().min(1).max(500).meta({ description: 'Why the records are harmless.' }),
    endDateTime: momentText.meta({
      description: 'Records that are created at this moment or later are not passed over.',
      wire: momentWire,
    }),
  }),
  answers: { 201: json('The suppression.', suppressionSchema), 404: refusal(404), 409: refusal(409) },
});

export const deleteSuppression = operation(
  'DeleteSuppression',
  ['DELETE', 'watches/{watchId}/suppressions/{suppressionId}'],
  {
    area,
    audience,
    summary: 'End a suppression',
    description: 'New records match again. Succeeds if it does not exist.',
    answers: {
      204: noContent('The suppression does not exist anymore.'),
      404: refusal(404),
      409: refusal(409),
    },
  },
);

export const listPackRules = operation('ListPackRules', ['GET', 'packRules'], {
  area,
  audience: { scope: 'records.read' },
  summary: 'List the rules of the pack',
  description: 'Lists the rules that come with Auditkeep. None is applied before a watch names it.',
  answers: { 200: json('The rules.', packRulesSchema) },
});

/** Each is read one after the other while the caller waits. */
const maxDays = 30;

export const dryRunRules = operation('DryRunRules', ['POST', 'dryRuns'], {
  area,
  audience: { scope: 'records.read' },
  summary: 'Try rules on earlier records',
  description:
    'Says how often rules would have fired in the last days, in at most 50 tenants, and how much was read: the newest 5,000 records of each tenant that the rules are about, for a minute at most. Nothing is stored.',
  body: z.strictObject({
    ...source,
    tenants,
    days: z.int().min(1).max(maxDays).default(maxDays).meta({ description: 'How many days back.' }),
  }),
  isQuery: true,
  answers: { 200: json('What the rules would have found.', dryRunSchema), 404: refusal(404) },
});

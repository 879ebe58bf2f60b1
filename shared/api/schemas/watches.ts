/** Watches, and the rules of the pack, in answers. */
import * as z from 'zod';
import { watchStatuses } from '../../detection/public-watch.ts';
import { severitySchema } from '../../detection/severity.ts';
import { moment } from './times.ts';

export const packInBody = z.array(z.string().min(1).max(100)).min(1).max(200).meta({
  description:
    'IDs of rules of the pack, or an asterisk for all of them, including those that later versions have.',
});
export const ruleInBody = z.record(z.string(), z.unknown()).meta({ description: 'A rule of your own.' });
export const sigmaInBody = z
  .string()
  .min(1)
  .max(40_000)
  .meta({ description: 'Sigma rules and correlations, in YAML.' });

export const suppressionSchema = z
  .strictObject({
    id: z.guid().meta({ title: 'Suppression ID' }),
    tenantId: z.guid().meta({ title: 'Tenant ID' }),
    member: z.string().optional().meta({ description: 'A member of records; absent: all records.' }),
    values: z.array(z.string()).optional().meta({ description: 'Values of the member, or networks.' }),
    reason: z.string().meta({ description: 'Why the records are harmless.' }),
    createdBy: z.string(),
    createdDateTime: moment('When it was made.'),
    endDateTime: moment('Records that are created at this moment or later are not passed over.'),
  })
  .meta({ id: 'Suppression' });

export const watchSchema = z
  .strictObject({
    id: z.guid().meta({ title: 'Watch ID' }),
    displayName: z.string(),
    pack: packInBody.optional(),
    rule: ruleInBody.optional(),
    sigma: sigmaInBody.optional(),
    tenants: z.string().meta({
      description: 'The IDs and tags of the tenants whose records are watched; an asterisk: all.',
    }),
    enabled: z.boolean().meta({ description: 'Whether its rules are applied to new records.' }),
    severity: severitySchema.optional(),
    createdBy: z.string(),
    status: z.enum(watchStatuses).meta({
      id: 'WatchStatus',
      description: 'Whether its rules are applied; failing: one of them cannot be evaluated, the others are.',
    }),
    suppressions: z.array(suppressionSchema),
    createdDateTime: moment('When it was made.'),
    lastError: z
      .string()
      .optional()
      .meta({ description: 'Why a rule cannot be evaluated, or that it matches too much.' }),
    failingSinceDateTime: moment('Since when a rule cannot be evaluated.').optional(),
  })
  .meta({ id: 'Watch' });

export const watchListSchema = z.strictObject({ value: z.array(watchSchema) }).meta({ id: 'WatchList' });

export const packRulesSchema = z
  .strictObject({
    value: z.array(
      z
        .strictObject({
          id: z.string().meta({ title: 'Rule ID' }),
          title: z.string(),
          description: z.string(),
          nextSteps: z.string().meta({ description: 'What to do about a finding.' }),
          severity: severitySchema,
          author: z.string().optional(),
          license: z.string().optional(),
          references: z.array(z.string()),
        })
        .meta({ id: 'PackRule' }),
    ),
  })
  .meta({ id: 'PackRuleList' });

const count = (description: string) => z.int().meta({ description });

export const dryRunSchema = z
  .strictObject({
    fromDateTime: moment('Where the range begins.'),
    toDateTime: moment('Where the range ends.'),
    value: z.array(
      z
        .strictObject({
          tenantId: z.guid().meta({ title: 'Tenant ID' }),
          tenantDisplayName: z.string(),
          findings: count('Findings that there would have been.'),
          matches: count('Records that match a rule.'),
          recordsRead: count('Records that were read.'),
          readFromDateTime: moment(
            'Everything since then was read: later than fromDateTime if there was too much.',
          ),
          rules: z.array(
            z
              .strictObject({ id: z.string(), title: z.string(), findings: z.int() })
              .meta({ id: 'DryRunOfRule' }),
          ),
        })
        .meta({ id: 'DryRunOfTenant' }),
    ),
    failedRules: z.array(z.strictObject({ id: z.string(), cause: z.string() }).meta({ id: 'FailedRule' })),
  })
  .meta({ id: 'DryRun' });

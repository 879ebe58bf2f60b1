/** The members of Sigma's rules and correlations, as of specification 2.1. */
import * as z from 'zod';
import { severitySchema } from '../severity.ts';

const text = z.string().max(20_000);
const texts = z.array(text).max(100);

/** What says nothing about which records match. */
const informative = {
  title: z.string().min(1).max(256),
  id: z.string().min(1).max(100).optional(),
  name: z.string().min(1).max(256).optional(),
  status: z.enum(['stable', 'test', 'experimental', 'deprecated', 'unsupported']).optional(),
  description: text.optional(),
  license: text.optional(),
  author: text.optional(),
  references: texts.nullish(),
  date: text.optional(),
  modified: text.optional(),
  related: z.array(z.unknown()).nullish(),
  fields: texts.nullish(),
  falsepositives: z.union([text, texts]).nullish(),
  tags: texts.nullish(),
  scope: texts.nullish(),
  level: severitySchema.optional(),
  taxonomy: z.literal('sigma').optional(),
};

export const sigmaRuleSchema = z.strictObject({
  ...informative,
  logsource: z.strictObject({
    product: z.string(),
    service: z.string().optional(),
    definition: text.optional(),
  }),
  detection: z.looseObject({ condition: z.unknown().optional() }),
});

export const sigmaCorrelationSchema = z.strictObject({
  ...informative,
  generate: z.boolean().optional(),
  correlation: z.strictObject({
    type: z.string(),
    rules: z.union([z.string().transform((one) => [one]), z.array(z.string()).min(1).max(10)]),
    'group-by': z.union([z.string().transform((one) => [one]), z.array(z.string()).max(5)]).nullish(),
    timespan: z.string(),
    condition: z.unknown().optional(),
    aliases: z.record(z.string(), z.record(z.string(), z.string())).nullish(),
    generate: z.boolean().optional(),
  }),
});

export type SigmaRule = z.output<typeof sigmaRuleSchema>;
export type SigmaCorrelation = z.output<typeof sigmaCorrelationSchema>;
export type SigmaHeader = Pick<SigmaRule, keyof typeof informative>;

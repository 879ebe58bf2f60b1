/** The rules of alerts as infra/modules/alerts.bicep reads them. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';

const duration = z.string().regex(/^P(?:T\d+[MH]|\d+D)$/);
const common = {
  name: z.string().regex(/^[a-z-]+$/),
  /** How it is called, and the heading in docs/operations.md. */
  title: z.string(),
  meaning: z.string(),
  severity: z.number().int().min(0).max(4),
  every: duration,
  window: duration,
};

const logRuleSchema = z.strictObject({
  ...common,
  /** Whether it is resolved automatically when the query no longer finds anything. */
  ends: z.boolean(),
  dimensions: z.array(z.string()).max(3),
});

export type LogRule = z.infer<typeof logRuleSchema>;

const metricRuleSchema = z.strictObject({
  ...common,
  target: z.enum(['site', 'storage', 'vault']),
  namespace: z.string(),
  metric: z.string(),
  aggregation: z.enum(['Average', 'Count', 'Maximum', 'Minimum', 'Total']),
  operator: z.enum(['GreaterThan', 'LessThan']),
  threshold: z.number(),
});

export type MetricRule = z.infer<typeof metricRuleSchema>;

export const logRules = z.array(logRuleSchema).parse(readJson('log-rules.json'));
export const metricRules = z.array(metricRuleSchema).parse(readJson('metric-rules.json'));

/** @throws when there is no query of that name */
export function queryOf(name: string): string {
  return readFileSync(`infra/alerts/${name}.kql`, 'utf8');
}

/** ISO 8601, as far as rules use it. */
export function minutesOf(text: string): number {
  const minutesOfUnit = { M: 1, H: 60, D: 24 * 60 };
  const unit = z.enum(['M', 'H', 'D']).parse(text.at(-1));
  return Number.parseInt(text.replace(/^PT?/, ''), 10) * minutesOfUnit[unit];
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(`infra/alerts/${file}`, 'utf8'));
}

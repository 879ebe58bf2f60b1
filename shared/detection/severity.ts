/** How much a match matters, in the words of Sigma. */
import * as z from 'zod';

/** In ascending order. @see https://sigmahq.io/docs/basics/rules.html#level */
export const severities = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

export const severitySchema = z.enum(severities).meta({ id: 'FindingSeverity' });

/** The one that matters more. */
export function moreSevere(one: Severity, other: Severity): Severity {
  return severities.indexOf(one) < severities.indexOf(other) ? other : one;
}

/** This one, and those that matter more. */
export function severitiesFrom(least: Severity): readonly Severity[] {
  return severities.slice(severities.indexOf(least));
}

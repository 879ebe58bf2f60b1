/** Queries for counts: filters, and what to count by. */
import * as z from 'zod';
import { filterParameters, type RecordFilters } from './filters.ts';
import { groupKeys, isGroupKey, type GroupKey } from './group-key.ts';
import { countSchema, listSchema, skipTokenSchema, type Dialect } from '../http/parameters.ts';
import { maxTop } from './record-query.ts';

export interface CountQuery {
  readonly filters: RecordFilters;
  readonly groupBy: readonly GroupKey[];
  readonly top: number;
  readonly skipToken?: string | undefined;
  readonly dialect: Dialect;
}

const maxKeys = 2;

const groupBy = listSchema.transform((names, context) => {
  const keys = [...new Set(names.filter(isGroupKey))];
  if (names.every(isGroupKey) && keys.length <= maxKeys) return keys;
  context.addIssue(`must be one or two of ${groupKeys.join(', ')}`);
  return z.NEVER;
});

/** Parameters of counts of records. */
export const countParameters = filterParameters.extend({
  groupBy: groupBy.meta({
    title: 'Group By',
    description: `What to count by: one or two of ${groupKeys.join(', ')}.`,
  }),
  top: countSchema(maxTop)
    .default(maxTop)
    .meta({
      title: 'Groups',
      description: `Maximum number of groups, up to ${maxTop}.`,
      wire: { type: 'integer', minimum: 1, maximum: maxTop, default: maxTop },
    }),
  skiptoken: skipTokenSchema
    .optional()
    .meta({ title: 'Skip Token', description: 'Continues counting; follow nextLink instead.' }),
});

/** The query of parsed parameters. */
export function toCountQuery(parameters: z.output<typeof countParameters>, dialect: Dialect): CountQuery {
  const { groupBy: keys, top, skiptoken: skipToken, ...filters } = parameters;
  return { filters, groupBy: keys, top, skipToken, dialect };
}

/** Questions for counts: filters, and what to count by. */
import * as z from 'zod';
import { checkRange, filterParameters, type RecordFilters } from './filters.ts';
import { groupKeys, isGroupKey, type GroupKey } from './group-key.ts';
import {
  countSchema,
  listSchema,
  readParameters,
  skipTokenSchema,
  type Dialect,
} from './parameters/parameters.ts';
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

/** What counts of records can be asked for. */
export const countParameters = filterParameters.extend({
  groupBy: groupBy.meta({
    title: 'Group By',
    description: `What to count by: one or two of ${groupKeys.join(', ')}.`,
  }),
  top: countSchema(maxTop)
    .default(maxTop)
    .meta({
      title: 'Groups',
      description: `Groups to list at most, up to ${maxTop}.`,
      wire: { type: 'integer', minimum: 1, maximum: maxTop, default: maxTop },
    }),
  skiptoken: skipTokenSchema
    .optional()
    .meta({ title: 'Skip Token', description: 'Goes on counting; follow nextLink instead.' }),
});

/** @throws RequestError 400 naming the first parameter that is missing, unknown or malformed */
export function parseCountQuery(query: URLSearchParams): CountQuery {
  const { parameters, dialect } = readParameters(countParameters, query);
  const { groupBy: keys, top, skiptoken, ...filters } = parameters;
  checkRange(filters);
  return { filters, groupBy: keys, top, skipToken: skiptoken, dialect };
}

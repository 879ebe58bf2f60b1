/** Queries for counts: filters, and what to count by. */
import * as z from 'zod';
import { suggest } from '../http/did-you-mean.ts';
import { countParameter, listSchema, skipTokenParameter, type Dialect } from '../http/parameters.ts';
import { filterParameters } from './filters.ts';
import { groupKeys, isGroupKey } from './group-key.ts';
import { maxTop } from './record-query.ts';

const maxKeys = 2;

const groupBy = listSchema.transform((names, context) => {
  const keys = [...new Set(names.filter(isGroupKey))];
  const unknown = names.find((name) => !isGroupKey(name));
  if (unknown === undefined && keys.length <= maxKeys) return keys;
  const hint =
    unknown === undefined ? '' : `. ${unknown.slice(0, 64)} is unknown. ${suggest(unknown, groupKeys)}`;
  context.addIssue(`must be one or two of ${groupKeys.join(', ')}${hint}`);
  return z.NEVER;
});

/** Parameters of counts of records. */
export const countParameters = filterParameters.extend({
  groupBy: groupBy.meta({
    title: 'Group By',
    wire: { items: { type: 'string', enum: groupKeys } },
    description: `What to count by: one or two of ${groupKeys.join(', ')}.`,
  }),
  top: countParameter(maxTop, maxTop, {
    title: 'Groups',
    description: `Maximum number of groups, up to ${maxTop}.`,
  }),
  skiptoken: skipTokenParameter('Continues counting; follow nextLink instead.'),
});

/** The query of parsed parameters. */
export function toCountQuery(parameters: z.output<typeof countParameters>, dialect: Dialect) {
  const { groupBy: keys, top, skiptoken: skipToken, ...filters } = parameters;
  return { filters, groupBy: keys, top, skipToken, dialect };
}
export type CountQuery = Readonly<ReturnType<typeof toCountQuery>>;

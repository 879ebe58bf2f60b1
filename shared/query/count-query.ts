/** Queries for counts: filters, and what to count by. */
import * as z from 'zod';
import { suggest } from '../http/did-you-mean.ts';
import { countParameter, listSchema, skipTokenParameter, type Dialect } from '../http/parameters.ts';
import { filterParameters } from './filters.ts';
import {
  groupKeys,
  isGroupKey,
  isSetGroupKey,
  setGroupKeys,
  type GroupKey,
  type SetGroupKey,
} from './group-key.ts';
import { maxTop, tenantsParameters } from './record-query.ts';

const maxKeys = 2;

function groupByOf<K extends SetGroupKey>(all: readonly K[], isKey: (name: string) => name is K) {
  const groupBy = listSchema.transform((names, context) => {
    const keys = [...new Set(names.filter(isKey))];
    const unknown = names.find((name) => !isKey(name));
    if (unknown === undefined && keys.length <= maxKeys) return keys;
    const hint =
      unknown === undefined ? '' : `. ${unknown.slice(0, 64)} is unknown. ${suggest(unknown, all)}`;
    context.addIssue(`must be one or two of ${all.join(', ')}${hint}`);
    return z.NEVER;
  });
  return groupBy.meta({
    title: 'Group By',
    wire: { items: { type: 'string', enum: all } },
    description: `What to count by: one or two of ${all.join(', ')}.`,
  });
}

/** Parameters of counts of records. */
export const countParameters = filterParameters.extend({
  groupBy: groupByOf(groupKeys, isGroupKey),
  top: countParameter(maxTop, maxTop, {
    title: 'Groups',
    description: `Maximum number of groups, up to ${maxTop}.`,
  }),
  skiptoken: skipTokenParameter('Continues counting; follow nextLink instead.'),
});

/** Parameters of counts of records of several tenants. */
export const tenantsCountParameters = countParameters.extend({
  groupBy: groupByOf(setGroupKeys, isSetGroupKey),
  tenants: tenantsParameters.shape.tenants,
});

type Parsed<K> = Omit<z.output<typeof countParameters>, 'groupBy'> & { readonly groupBy: readonly K[] };

/** The query of parsed parameters. */
export function toCountQuery<K extends SetGroupKey>(parameters: Parsed<K>, dialect: Dialect) {
  const { groupBy: keys, top, skiptoken: skipToken, ...filters } = parameters;
  return { filters, groupBy: keys, top, skipToken, dialect };
}
export type CountQuery<K extends SetGroupKey = GroupKey> = Readonly<ReturnType<typeof toCountQuery<K>>>;

/** Queries of records: filters, and which part of the result to return in which order. */
import * as z from 'zod';
import { suggest } from '../http/did-you-mean.ts';
import { countParameter, listSchema, once, skipTokenParameter, type Dialect } from '../http/parameters.ts';
import { isRecordMember, recordMembers } from '../records/member-kinds.ts';
import { filterParameters } from './filters.ts';

export type Order = 'desc' | 'asc';

export const maxTop = 1000;
const defaultTop = 100;

/** Members of records by name. */
export const selectSchema = listSchema.transform((names, context) => {
  const unknown = names.find((name) => !isRecordMember(name));
  if (unknown === undefined) return names.filter(isRecordMember);
  const hint = unknown.startsWith('auditData')
    ? 'auditData is returned by …/records/{id} and, with expand=auditData, in lists'
    : suggest(unknown, recordMembers);
  context.addIssue(`contains an unknown member: ${unknown.slice(0, 64)}. ${hint}`);
  return z.NEVER;
});

const orderby = once(
  z
    .string()
    .regex(
      /^\s*createdDateTime(\s+(asc|desc))?\s*$/i,
      'must be createdDateTime desc (newest first) or createdDateTime asc (oldest first)',
    )
    // As in OData, a name alone means ascending.
    .transform((text): Order => (/desc\s*$/i.test(text) ? 'desc' : 'asc')),
);

const expand = once(z.literal('auditData', 'must be auditData, which is everything there is to expand'));

/** Parameters of a list of records. */
export const listParameters = filterParameters.extend({
  top: countParameter(maxTop, defaultTop, {
    title: 'Page Size',
    description: `Maximum number of records in a page, up to ${maxTop}.`,
  }),
  orderby: orderby.default('desc').meta({
    title: 'Order',
    description: 'Newest or oldest records first.',
    wire: {
      enum: ['createdDateTime desc', 'createdDateTime asc'],
      default: 'createdDateTime desc',
      'x-ms-enum-values': [
        { value: 'createdDateTime desc', displayName: 'Newest first' },
        { value: 'createdDateTime asc', displayName: 'Oldest first' },
      ],
    },
  }),
  select: selectSchema.optional().meta({
    title: 'Members',
    description: 'Members to return, separated by commas; all by default.',
  }),
  expand: expand.optional().meta({
    title: 'Expand',
    description:
      'Set to auditData: each record has all its data, as far as a page has room; it may have fewer records.',
  }),
  skiptoken: skipTokenParameter('Continues with the next page; follow nextLink instead.'),
});

/** How a set of tenants is described wherever one can be given. */
export const tenantsMeaning = {
  title: 'Tenants',
  description:
    'IDs or domains of tenants, or tags such as tag:gold, separated by commas, or an asterisk for all that you have access to.',
};

/** Which tenants an answer is about; all of them by default. */
export const tenantsParameter = listSchema.default(['*']).meta(tenantsMeaning);

/** Parameters of a list about several tenants. */
export const tenantPageParameters = {
  tenants: tenantsParameter,
  skiptoken: skipTokenParameter('Continues with the next page; follow nextLink instead.'),
};

/** Parameters of a list of records of several tenants. */
export const tenantsParameters = listParameters.extend({ tenants: tenantsParameter });

/** The query of parsed parameters: its filters, and which members of which records to return. */
export function toRecordQuery(parameters: z.output<typeof listParameters>, dialect: Dialect) {
  const { top, orderby: order, select: members, expand: expanded, skiptoken, ...filters } = parameters;
  const withTexts = expanded !== undefined;
  return { filters, top, order, select: members, withTexts, skipToken: skiptoken, dialect };
}
export type RecordQuery = Readonly<ReturnType<typeof toRecordQuery>>;

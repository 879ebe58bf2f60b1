/** Operations on the feed. */
import * as z from 'zod';
import { aboutSearch, feedCapability } from '../feed/feed-capability.ts';
import { choice, once } from '../http/parameters.ts';
import { rangeParameters } from '../query/filters.ts';
import { listParameters, tenantsParameter } from '../query/record-query.ts';
import { json, refusal } from './answers.ts';
import { waitingHeaders } from './headers.ts';
import { operation, type LinkRequest } from './operation.ts';
import { feedOfTenantsSchema, feedSchema } from './schemas/triggers.ts';

const area = 'Feed';

const position = {
  triggerState: once(z.string()).optional().meta({ description: 'Where to continue; taken from Location.' }),
  start: choice(
    z
      .enum(['now', 'beginning'], "must be 'now' or 'beginning'; 'from' and 'to' filter by time of the event")
      .meta({ id: 'FeedStart' }),
  )
    .default('now')
    .meta({
      title: 'Start',
      description: 'Where a first call begins: after all existing records, or before them.',
      wire: { default: undefined },
    }),
};

const notHere = {
  orderby: 'The feed is always in order of ingestion.',
  expand: 'The feed has no auditData: GET …/records/{id} returns it.',
  skiptoken: 'Follow Location: it carries triggerState.',
};

const describedRecords = 'New records; Location continues after them.';
const answers = {
  200: json(describedRecords, feedSchema, waitingHeaders),
  202: { description: 'Nothing new; Location continues from here.', headers: waitingHeaders },
  414: refusal(414),
} as const;
const without = ['triggerState', 't', 'start', 'select'];

export const pollRecords = operation('PollRecords', ['GET', 'tenants/{tenantId}/records-feed'], {
  area,
  audience: {
    scope: 'records.read',
    byLink: ({ path, query }: LinkRequest) => feedCapability(path['tenantId'] ?? '', 'records-feed', query),
  },
  summary: 'Read new records',
  description: 'Reads records in order of ingestion, so that late ones are not missed.',
  query: listParameters
    .omit({ orderby: true, expand: true, skiptoken: true })
    .extend({ ...rangeParameters.shape, ...position }),
  notHere,
  isQuery: true,
  answers,
  connector: {
    visibility: 'important',
    trigger: 'batch',
    without,
    summary: 'When records arrive',
    description: 'This operation triggers when records arrive that pass all filters, however late they are.',
  },
});

/** Of a set of tenants. */
const answersOfTenants = {
  ...answers,
  200: json(describedRecords, feedOfTenantsSchema, waitingHeaders),
  404: refusal(404),
} as const;

export const pollRecordsOfTenants = operation('PollRecordsOfTenants', ['GET', 'records-feed'], {
  area,
  audience: {
    scope: 'records.read',
    byLink: ({ query }: LinkRequest) => feedCapability(undefined, 'records-feed', query),
  },
  summary: 'Read new records of several tenants',
  description:
    'Reads records of several tenants in order of arrival. Tenants that join the set later are included from then on. The beginning is 60 days ago, and positions are valid for 90 days.',
  query: pollRecords.query.extend({ tenants: tenantsParameter }),
  notHere,
  isQuery: true,
  answers: answersOfTenants,
  connector: {
    visibility: 'important',
    trigger: 'batch',
    without,
    summary: 'When records arrive in any tenant',
    description:
      'This operation triggers when records that pass all filters arrive in any of several tenants, however late they are.',
  },
});

const ownFilters = 'A saved search has its own filters, and none can be added.';
const filtersNotHere = Object.fromEntries(
  Object.keys(listParameters.shape).map((name) => [name, ownFilters] as const),
);

export const pollSearch = operation('PollSearch', ['GET', 'tenants/{tenantId}/searches/{name}/feed'], {
  area,
  audience: {
    scope: 'records.read',
    byLink: ({ path, query }: LinkRequest) =>
      feedCapability(path['tenantId'] ?? '', aboutSearch(path['name'] ?? ''), query),
  },
  summary: 'Read new records of a saved search',
  description: 'Reads the records that a saved search finds, in order of ingestion.',
  query: listParameters.pick({ top: true, select: true }).extend(position),
  notHere: { ...filtersNotHere, ...notHere },
  isQuery: true,
  answers,
  connector: {
    visibility: 'none',
    trigger: 'batch',
    without,
    summary: 'When a saved search finds records',
    description: 'This operation triggers when records arrive that a saved search finds.',
  },
});

export const pollSearchOfTenants = operation('PollSearchOfTenants', ['GET', 'searches/{name}/feed'], {
  area,
  audience: {
    scope: 'records.read',
    byLink: ({ path, query }: LinkRequest) =>
      feedCapability(undefined, aboutSearch(path['name'] ?? ''), query),
  },
  summary: 'Read new records of a saved search of several tenants',
  description: 'Reads the records that a saved search finds in several tenants, in order of arrival.',
  query: pollSearch.query,
  notHere: pollSearch.notHere,
  isQuery: true,
  answers: answersOfTenants,
  connector: {
    visibility: 'none',
    trigger: 'batch',
    without,
    summary: 'When a saved search finds records in any tenant',
    description: 'This operation triggers when records arrive that a saved search of several tenants finds.',
  },
});

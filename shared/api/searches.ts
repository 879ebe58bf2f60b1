/** Operations on saved searches. */
import * as z from 'zod';
import { listParameters } from '../query/record-query.ts';
import { searchBodySchema } from '../searches/change-search.ts';
import { json, noContent, refusal } from './answers.ts';
import { makerFilters, searchFilters } from './filters-in-bodies.ts';
import { costHeaders } from './headers.ts';
import { ifMatch } from './if-match.ts';
import { operation } from './operation.ts';
import { tenantsInBody, tenantsOfMaker } from './tenants-in-bodies.ts';
import { recordListSchema, recordsOfTenantsSchema } from './schemas/records.ts';
import { searchListSchema, searchSchema } from './schemas/triggers.ts';

const area = 'Saved searches';
const audience = { scope: 'records.read' } as const;
const connector = { visibility: 'advanced' } as const;

const listed = { 200: json('The searches.', searchListSchema) } as const;
const shown = { 200: json('The search.', searchSchema, ['ETag']) } as const;
const saved = {
  200: json('The search was changed.', searchSchema, ['ETag']),
  201: json('The search is new.', searchSchema, ['ETag', 'Location']),
  409: refusal(409),
  412: refusal(412),
} as const;
const deleted = {
  204: noContent('The search does not exist anymore.'),
  409: refusal(409),
  412: refusal(412),
} as const;

/** Whose searches of several tenants are. */
const shared = 'They belong to all callers who may read the same tenants, and no others see them.';
const changedBy = 'A search is changed by the caller that saved it first, or with the scope tenants.manage';

export const listSearches = operation('ListSearches', ['GET', 'tenants/{tenantId}/searches'], {
  area,
  audience,
  summary: 'List saved searches',
  description: 'Lists the saved searches of a tenant.',
  answers: listed,
  connector,
});

export const listSearchesOfTenants = operation('ListSearchesOfTenants', ['GET', 'searches'], {
  area,
  audience,
  summary: 'List saved searches of several tenants',
  description: `Lists the saved searches of several tenants. ${shared}`,
  answers: listed,
  connector,
});

export const getSearch = operation('GetSearch', ['GET', 'tenants/{tenantId}/searches/{name}'], {
  area,
  audience,
  summary: 'Get a saved search',
  description: 'Shows a saved search.',
  answers: shown,
  connector,
});

export const getSearchOfTenants = operation('GetSearchOfTenants', ['GET', 'searches/{name}'], {
  area,
  audience,
  summary: 'Get a saved search of several tenants',
  description: 'Shows a saved search of several tenants.',
  answers: shown,
  connector,
});

const saveHeaders = z.object({
  ...ifMatch,
  'If-None-Match': z.string().optional().meta({ description: 'An asterisk: only create, never replace.' }),
});

export const saveSearch = operation('SaveSearch', ['PUT', 'tenants/{tenantId}/searches/{name}'], {
  area,
  audience: { scope: 'records.read', managed: true },
  summary: 'Save a search',
  description: `Saves filters under a name. ${changedBy}; its filters stay while the webhook subscriptions of others use it.`,
  headers: saveHeaders,
  body: searchBodySchema.extend({ filters: searchFilters }),
  answers: saved,
  connector: { visibility: 'advanced', body: searchBodySchema.extend({ filters: makerFilters }) },
});

export const saveSearchOfTenants = operation('SaveSearchOfTenants', ['PUT', 'searches/{name}'], {
  area,
  audience,
  summary: 'Save a search of several tenants',
  description: `Saves filters and a set of tenants under a name. ${changedBy} for the same tenants; its filters and tenants stay while the webhook subscriptions of others use it.`,
  headers: saveHeaders,
  body: searchBodySchema.extend({ tenants: tenantsInBody.optional(), filters: searchFilters }),
  answers: { ...saved, 404: refusal(404) },
  connector: {
    visibility: 'advanced',
    body: searchBodySchema.extend({ tenants: tenantsOfMaker.optional(), filters: makerFilters }),
  },
});

export const deleteSearch = operation('DeleteSearch', ['DELETE', 'tenants/{tenantId}/searches/{name}'], {
  area,
  audience,
  summary: 'Delete a saved search',
  description:
    'Deletes a saved search; succeeds if it does not exist. A search is deleted by the caller that saved it first, or ' +
    'with the scope tenants.manage, once no webhook subscription uses it.',
  headers: z.object(ifMatch),
  answers: deleted,
  connector,
});

export const deleteSearchOfTenants = operation('DeleteSearchOfTenants', ['DELETE', 'searches/{name}'], {
  area,
  audience,
  summary: 'Delete a saved search of several tenants',
  description:
    'Deletes a saved search of several tenants; succeeds if it does not exist. A search is deleted by the caller that ' +
    'saved it first, or with the scope tenants.manage for the same tenants, once no webhook subscription uses it.',
  headers: z.object(ifMatch),
  answers: deleted,
  connector,
});

/** Of the search's records. */
const additions = {
  query: listParameters.pick({
    from: true,
    to: true,
    top: true,
    select: true,
    orderby: true,
    expand: true,
    skiptoken: true,
  }),
  notHere: Object.fromEntries(
    Object.keys(listParameters.shape).map((name) => [
      name,
      'A saved search has its own filters; only from, to, top, orderby, select, and expand can be added.',
    ]),
  ),
};

export const listRecordsOfSearch = operation(
  'ListRecordsOfSearch',
  ['GET', 'tenants/{tenantId}/searches/{name}/records'],
  {
    area,
    audience,
    summary: 'List records of a saved search',
    description: 'Lists the records that a saved search finds, newest first, in pages.',
    ...additions,
    isQuery: true,
    answers: { 200: { ...json('A page of records.', recordListSchema, costHeaders), keepsTexts: true } },
    connector: { visibility: 'none', pageable: true },
  },
);

export const listRecordsOfSearchOfTenants = operation(
  'ListRecordsOfSearchOfTenants',
  ['GET', 'searches/{name}/records'],
  {
    area,
    audience,
    summary: 'List records of a saved search of several tenants',
    description: 'Lists the records that a saved search finds in several tenants, merged by time, in pages.',
    ...additions,
    isQuery: true,
    answers: {
      200: { ...json('A page of records.', recordsOfTenantsSchema, costHeaders), keepsTexts: true },
      404: refusal(404),
    },
    connector: { visibility: 'none', pageable: true },
  },
);

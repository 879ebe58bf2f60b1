/** Operations on saved searches. */
import * as z from 'zod';
import { listParameters } from '../query/record-query.ts';
import { searchBodySchema } from '../searches/change-search.ts';
import { json, noContent, refusal } from './answers.ts';
import { makerFilters, searchFilters } from './filters-in-bodies.ts';
import { costHeaders } from './headers.ts';
import { ifMatch } from './if-match.ts';
import { operation } from './operation.ts';
import { recordListSchema } from './schemas/records.ts';
import { searchListSchema, searchSchema } from './schemas/triggers.ts';

const area = 'Saved searches';
const audience = { scope: 'records.read' } as const;
const connector = { visibility: 'advanced' } as const;

export const listSearches = operation('ListSearches', ['GET', 'tenants/{tenantId}/searches'], {
  area,
  audience,
  summary: 'List saved searches',
  description: 'Lists the saved searches of a tenant.',
  answers: { 200: json('The searches.', searchListSchema) },
  connector,
});

export const getSearch = operation('GetSearch', ['GET', 'tenants/{tenantId}/searches/{name}'], {
  area,
  audience,
  summary: 'Get a saved search',
  description: 'Shows a saved search.',
  answers: { 200: json('The search.', searchSchema, ['ETag']) },
  connector,
});

export const saveSearch = operation('SaveSearch', ['PUT', 'tenants/{tenantId}/searches/{name}'], {
  area,
  audience: { scope: 'records.read', managed: true },
  summary: 'Save a search',
  description:
    'Saves filters under a name. A search is changed by the caller that saved it first, or with the scope tenants.manage; ' +
    'its filters stay while the webhook subscriptions of others use it.',
  headers: z.object({
    ...ifMatch,
    'If-None-Match': z.string().optional().meta({ description: 'An asterisk: only create, never replace.' }),
  }),
  body: searchBodySchema.extend({ filters: searchFilters }),
  answers: {
    200: json('The search was changed.', searchSchema, ['ETag']),
    201: json('The search is new.', searchSchema, ['ETag', 'Location']),
    409: refusal(409),
    412: refusal(412),
  },
  connector: { visibility: 'advanced', body: searchBodySchema.extend({ filters: makerFilters }) },
});

export const deleteSearch = operation('DeleteSearch', ['DELETE', 'tenants/{tenantId}/searches/{name}'], {
  area,
  audience,
  summary: 'Delete a saved search',
  description:
    'Deletes a saved search; succeeds if it does not exist. A search is deleted by the caller that saved it first, or ' +
    'with the scope tenants.manage, once no webhook subscription uses it.',
  headers: z.object(ifMatch),
  answers: {
    204: noContent('The search does not exist anymore.'),
    409: refusal(409),
    412: refusal(412),
  },
  connector,
});

export const listRecordsOfSearch = operation(
  'ListRecordsOfSearch',
  ['GET', 'tenants/{tenantId}/searches/{name}/records'],
  {
    area,
    audience,
    summary: 'List records of a saved search',
    description: 'Lists the records that a saved search finds, newest first, in pages.',
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
    isQuery: true,
    answers: { 200: { ...json('A page of records.', recordListSchema, costHeaders), keepsTexts: true } },
    connector: { visibility: 'none', pageable: true },
  },
);

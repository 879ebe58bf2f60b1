/**
 * `GET /tenants/{tenantId}/records/summary`: how many records there are, by one or two of their members.
 * Hosts look functions up by name: this one has to come before the function that takes any word for a record's id.
 */
import type { HttpFunctionOptions } from '@azure/functions';
import { answerCounts, type AnswerPageDeps } from '../shared/query/answer-page.ts';
import { parseCountQuery } from '../shared/query/count-query.ts';
import { authenticated, pathParameter, type Call, type HttpDeps } from './http.ts';

export interface CountRecordsDeps extends HttpDeps, AnswerPageDeps {}

export function countRecordsFunction(deps: CountRecordsDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'tenants/{tenantId}/records/summary',
    handler: (call) => answer(deps, call),
  });
}

async function answer(deps: CountRecordsDeps, { request, caller }: Call) {
  const tenant = await deps.access.openTenant(caller, pathParameter(request, 'tenantId'), 'records.read');
  const query = parseCountQuery(request.query);
  return await answerCounts(deps, { tenants: [tenant], query, url: request.url });
}

/** `GET /tenants/{tenantId}/records`: filtered records in either order of time. */
import type { HttpFunctionOptions } from '@azure/functions';
import { answerRecords, type AnswerPageDeps } from '../shared/query/answer-page.ts';
import { parseRecordQuery } from '../shared/query/record-query.ts';
import { authenticated, pathParameter, type Call, type HttpDeps } from './http.ts';

export interface ListRecordsDeps extends HttpDeps, AnswerPageDeps {}

export function listRecordsFunction(deps: ListRecordsDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'tenants/{tenantId}/records',
    handler: (call) => answerList(deps, call),
  });
}

/** The answer to an authenticated caller. */
export async function answerList(deps: ListRecordsDeps, { request, caller }: Call) {
  const tenant = await deps.access.openTenant(caller, pathParameter(request, 'tenantId'), 'records.read');
  const query = parseRecordQuery(request.query);
  return await answerRecords(deps, { tenants: [tenant], query, url: request.url });
}

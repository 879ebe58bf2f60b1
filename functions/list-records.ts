/** `GET /tenants/{tenantId}/records`: filtered records in either order of time. */
import type { HttpFunctionOptions } from '@azure/functions';
import { asOfFirstPage, isPartial, type Completeness } from '../shared/query/completeness.ts';
import { listRecords } from '../shared/query/list-records.ts';
import { costHeaders, linkTo } from '../shared/query/page-answer.ts';
import { selectMembers } from '../shared/query/public-record.ts';
import type { AskDeps } from '../shared/query/reading/ask.ts';
import { parseRecordQuery } from '../shared/query/record-query.ts';
import type { SkipTokens } from '../shared/query/skip-token.ts';
import type { StoredTenant } from '../shared/tenants/tenant.ts';
import { authenticated, pathParameter, type Call, type HttpDeps } from './http.ts';

export interface ListRecordsDeps extends HttpDeps, AskDeps {
  readonly skipTokens: SkipTokens;
  readonly completeness: (tenant: StoredTenant) => Promise<Completeness>;
}

export function listRecordsFunction(deps: ListRecordsDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'tenants/{tenantId}/records',
    handler: (call) => answerList(deps, call),
  });
}

/** The answer to somebody whose call is let in. */
export async function answerList(deps: ListRecordsDeps, { request, caller }: Call) {
  const started = performance.now();
  const tenant = await deps.access.openTenant(caller, pathParameter(request, 'tenantId'), 'records.read');
  const { filters, top, order, select, skipToken, dialect } = parseRecordQuery(request.query);
  const { tenantId } = tenant;
  const question = { ...filters, order };
  const position = skipToken === undefined ? {} : deps.skipTokens.open(skipToken, tenantId, question);
  const [page, now] = await Promise.all([
    listRecords(deps, { tenantIds: [tenantId], filters, top, order, position }),
    deps.completeness(tenant),
  ]);
  const completeness = asOfFirstPage(now, position);
  const { completeThrough } = completeness;
  const to = filters.to ?? position.snapshot ?? deps.now();
  const next = page.next && deps.skipTokens.seal({ ...page.next, completeThrough }, tenantId, question);
  return {
    jsonBody: {
      value: page.records.map((record) => selectMembers(record, select)),
      ...linkTo(request.url, dialect, next),
      completeThrough: completeThrough?.toISOString(),
      isPartial: isPartial(completeness, { from: filters.from, to }),
    },
    headers: costHeaders(page, performance.now() - started),
  };
}

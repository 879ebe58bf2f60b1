/** `GET /tenants/{tenantId}/records`: filtered records, newest first. */
import type { HttpFunctionOptions } from '@azure/functions';
import { isPartial, type Completeness } from '../shared/query/completeness.ts';
import { parseRecordQuery } from '../shared/query/filters.ts';
import { listRecords, type ListDeps } from '../shared/query/list-records.ts';
import { publicRecord } from '../shared/query/public-record.ts';
import type { SkipTokens } from '../shared/query/skip-token.ts';
import type { StoredTenant } from '../shared/tenants/tenant.ts';
import { authenticated, pathParameter, type Call, type HttpDeps } from './http.ts';

export interface ListRecordsDeps extends HttpDeps, ListDeps {
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

async function answerList(deps: ListRecordsDeps, { request, caller }: Call) {
  const tenant = await deps.access.openTenant(caller, pathParameter(request, 'tenantId'), 'records.read');
  const { filters, top, skipToken } = parseRecordQuery(request.query);
  const { tenantId } = tenant;
  const position = skipToken === undefined ? {} : deps.skipTokens.open(skipToken, tenantId, filters);
  const [page, completeness] = await Promise.all([
    listRecords(deps, { tenantId, filters, top, position }),
    deps.completeness(tenant),
  ]);
  const next = page.next === undefined ? undefined : deps.skipTokens.seal(page.next, tenantId, filters);
  return {
    jsonBody: {
      value: page.records.map(publicRecord),
      ...(next === undefined ? {} : { nextLink: nextLink(request.url, next) }),
      completeThrough: completeness.completeThrough?.toISOString(),
      isPartial: isPartial(completeness, { from: filters.from, to: filters.to ?? deps.now() }),
    },
    headers: {
      'x-auditkeep-requests': String(page.requests),
      'x-auditkeep-rows-read': String(page.rowsRead),
    },
  };
}

/** Absolute and complete: followed as it is. */
function nextLink(url: string, skipToken: string): string {
  const next = new URL(url);
  next.searchParams.set('skiptoken', skipToken);
  return next.href;
}

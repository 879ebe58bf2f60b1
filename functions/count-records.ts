/**
 * `GET /tenants/{tenantId}/records/summary`: how many records there are, by one or two of their members.
 * Hosts look functions up by name: this one has to come before the function that takes any word for a record's id.
 */
import type { HttpFunctionOptions } from '@azure/functions';
import { asOfFirstPage, isPartial, type Completeness } from '../shared/query/completeness.ts';
import { parseCountQuery } from '../shared/query/count-query.ts';
import { countRecords } from '../shared/query/count-records.ts';
import { costHeaders, linkTo } from '../shared/query/page-answer.ts';
import type { AskDeps } from '../shared/query/reading/ask.ts';
import type { SkipTokens } from '../shared/query/skip-token.ts';
import type { StoredTenant } from '../shared/tenants/tenant.ts';
import { authenticated, pathParameter, type Call, type HttpDeps } from './http.ts';

export interface CountRecordsDeps extends HttpDeps, AskDeps {
  readonly skipTokens: SkipTokens;
  readonly completeness: (tenant: StoredTenant) => Promise<Completeness>;
}

export function countRecordsFunction(deps: CountRecordsDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'tenants/{tenantId}/records/summary',
    handler: (call) => answerCounts(deps, call),
  });
}

async function answerCounts(deps: CountRecordsDeps, { request, caller }: Call) {
  const started = performance.now();
  const tenant = await deps.access.openTenant(caller, pathParameter(request, 'tenantId'), 'records.read');
  const { filters, groupBy, top, skipToken, dialect } = parseCountQuery(request.query);
  const { tenantId } = tenant;
  // Another token than a list's: it would go on counting where a list ended.
  const question = { ...filters, groupBy };
  const position = skipToken === undefined ? {} : deps.skipTokens.open(skipToken, tenantId, question);
  const [part, now] = await Promise.all([
    countRecords(deps, { tenantId, filters, groupBy, top, position }),
    deps.completeness(tenant),
  ]);
  const completeness = asOfFirstPage(now, position);
  const { completeThrough } = completeness;
  const to = filters.to ?? position.snapshot ?? deps.now();
  const coversTo = position.countedTo ?? to;
  const coversFrom = part.next === undefined ? filters.from : (part.oldest ?? coversTo);
  const goesOn = part.next && { ...part.next, completeThrough, countedTo: coversFrom };
  const next = goesOn && deps.skipTokens.seal(goesOn, tenantId, question);
  return {
    jsonBody: {
      value: part.groups,
      ...(part.other === undefined ? {} : { other: part.other }),
      total: part.total,
      covers: { from: coversFrom?.toISOString(), to: coversTo.toISOString() },
      ...linkTo(request.url, dialect, next),
      completeThrough: completeThrough?.toISOString(),
      isPartial: isPartial(completeness, { from: filters.from, to }),
    },
    headers: costHeaders(part, performance.now() - started),
  };
}

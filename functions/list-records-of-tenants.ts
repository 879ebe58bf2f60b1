/** `GET /records?tenants=…`: filtered records of several tenants, merged by time. */
import type { HttpFunctionOptions } from '@azure/functions';
import pMap from 'p-map';
import type { Caller } from '../shared/access/access.ts';
import { invalidParameter } from '../shared/errors.ts';
import { asOfFirstPage, isPartial, type Completeness } from '../shared/query/completeness.ts';
import { listRecords } from '../shared/query/list-records.ts';
import { costHeaders, linkTo } from '../shared/query/page-answer.ts';
import { selectMembers } from '../shared/query/public-record.ts';
import type { AskDeps } from '../shared/query/reading/ask.ts';
import { parseTenantsQuery } from '../shared/query/record-query.ts';
import type { SkipTokens } from '../shared/query/skip-token.ts';
import type { StoredTenant } from '../shared/tenants/tenant.ts';
import { authenticated, type Call, type HttpDeps } from './http.ts';

export interface ListRecordsOfTenantsDeps extends HttpDeps, AskDeps {
  readonly skipTokens: SkipTokens;
  readonly completeness: (tenant: StoredTenant) => Promise<Completeness>;
}

/** Every tenant is looked into for every page, and a next link holds the place of each. */
const maxTenants = 200;
const tenantsAtOnce = 16;

export function listRecordsOfTenantsFunction(deps: ListRecordsOfTenantsDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'records',
    handler: (call) => answerList(deps, call),
  });
}

async function answerList(deps: ListRecordsOfTenantsDeps, { request, caller }: Call) {
  const started = performance.now();
  deps.access.require(caller, 'records.read');
  const query = parseTenantsQuery(request.query);
  const { filters, top, order, select, skipToken, dialect } = query;
  const question = { ...filters, order };
  const tenants = await openTenants(deps, caller, query.tenants);
  const tenantIds = tenants.map(({ tenantId }) => tenantId);
  // Those that were opened: places are of no use once `*` means others.
  const asked = tenantIds.toSorted().join();
  const position = skipToken === undefined ? {} : deps.skipTokens.open(skipToken, asked, question);
  const [page, completeness] = await Promise.all([
    listRecords(deps, { tenantIds, filters, top, order, position }),
    pMap(tenants, deps.completeness, { concurrency: tenantsAtOnce }),
  ]);
  const range = { from: filters.from, to: filters.to ?? position.snapshot ?? deps.now() };
  const each = tenants.map(({ tenantId, displayName }, at) => {
    const known = completeness[at];
    const of = known && asOfFirstPage(known, position);
    const partial = of === undefined || isPartial(of, range);
    return { tenantId, displayName, completeThrough: of?.completeThrough, isPartial: partial };
  });
  const completeThrough = earliestOf(each.map((tenant) => tenant.completeThrough));
  const next = page.next && deps.skipTokens.seal({ ...page.next, completeThrough }, asked, question);
  return {
    jsonBody: {
      value: page.records.map((record) => ({
        tenantId: record.tenantId,
        ...selectMembers(record, select),
      })),
      ...linkTo(request.url, dialect, next),
      completeThrough: completeThrough?.toISOString(),
      isPartial: each.some((tenant) => tenant.isPartial),
      tenants: each.map((tenant) => ({
        ...tenant,
        completeThrough: tenant.completeThrough?.toISOString(),
      })),
    },
    headers: costHeaders(page, performance.now() - started),
  };
}

/** @throws RequestError 404 for one that the caller may not see, as if there were none; 400 for too many */
async function openTenants(
  { access }: HttpDeps,
  caller: Caller,
  names: readonly string[],
): Promise<readonly StoredTenant[]> {
  const isAll = names.length === 1 && names[0] === '*';
  const ids = isAll ? (await access.visibleTenants(caller)).map(({ tenantId }) => tenantId) : names;
  if (ids.length > maxTenants) {
    throw invalidParameter('tenants', `tenants means ${ids.length} tenants; name up to ${maxTenants}.`);
  }
  const tenants = await pMap(ids, (id) => access.openTenant(caller, id, 'records.read'), {
    concurrency: tenantsAtOnce,
  });
  return [...new Map(tenants.map((tenant) => [tenant.tenantId, tenant])).values()];
}

/** Undefined as soon as one is: then nothing is complete. */
function earliestOf(dates: readonly (Date | undefined)[]): Date | undefined {
  const known = dates.filter((date) => date !== undefined);
  if (known.length < dates.length || known.length === 0) return undefined;
  return new Date(Math.min(...known.map(Number)));
}

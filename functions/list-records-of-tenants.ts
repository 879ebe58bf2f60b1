/** `GET /records?tenants=…`: filtered records of several tenants, merged by time. */
import type { HttpFunctionOptions } from '@azure/functions';
import pMap from 'p-map';
import type { Caller } from '../shared/access/access.ts';
import { invalidParameter } from '../shared/errors.ts';
import { answerRecordsOfTenants, type AnswerPageDeps } from '../shared/query/answer-page.ts';
import { parseTenantsQuery } from '../shared/query/record-query.ts';
import type { StoredTenant } from '../shared/tenants/tenant.ts';
import { authenticated, type Call, type HttpDeps } from './http.ts';

export interface ListRecordsOfTenantsDeps extends HttpDeps, AnswerPageDeps {}

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
  deps.access.require(caller, 'records.read');
  const query = parseTenantsQuery(request.query);
  const tenants = await openTenants(deps, caller, query.tenants);
  return await answerRecordsOfTenants(deps, { tenants, query, url: request.url });
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

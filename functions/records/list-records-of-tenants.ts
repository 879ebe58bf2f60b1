/** Records of several tenants, merged by time. */
import pMap from 'p-map';
import type { Access, Caller } from '../../shared/access/access.ts';
import * as api from '../../shared/api/records.ts';
import { invalidParameter } from '../../shared/errors.ts';
import { handler } from '../../shared/http/handler.ts';
import { jsonType, serialized } from '../../shared/http/reply.ts';
import { answerRecordsOfTenants, type AnswerPageDeps } from '../../shared/query/answer-page.ts';
import { toRecordQuery } from '../../shared/query/record-query.ts';
import type { StoredTenant } from '../../shared/tenants/tenant.ts';

interface TenantsDeps extends AnswerPageDeps {
  readonly access: Access;
}

/** Each page reads from every tenant, and its next link holds a position for each. */
const maxTenants = 200;
const tenantsAtOnce = 16;

export const listRecordsOfTenantsHandler = handler(
  api.listRecordsOfTenants,
  async (deps: TenantsDeps, { request, caller, query: { tenants: names, ...rest }, dialect, reply }) => {
    const query = toRecordQuery(rest, dialect);
    const tenants = await openTenants(deps, caller, names);
    const { json, body, headers } = await answerRecordsOfTenants(deps, { tenants, query, url: request.url });
    return json === undefined ? reply(200, body, headers) : reply(200, serialized(json, jsonType), headers);
  },
);

/** @throws RequestError 404 for a tenant that the caller has no access to, as if it did not exist; 400 for too many */
async function openTenants(
  { access }: TenantsDeps,
  caller: Caller,
  names: readonly string[],
): Promise<readonly StoredTenant[]> {
  const isAll = names.length === 1 && names[0] === '*';
  const ids = isAll ? (await access.visibleTenants(caller)).map(({ tenantId }) => tenantId) : names;
  if (ids.length > maxTenants) {
    throw invalidParameter('tenants', `'tenants' selects ${ids.length} tenants; the limit is ${maxTenants}.`);
  }
  const tenants = await pMap(ids, (id) => access.openTenant(caller, id, 'records.read'), {
    concurrency: tenantsAtOnce,
  });
  return [...new Map(tenants.map((tenant) => [tenant.tenantId, tenant])).values()];
}

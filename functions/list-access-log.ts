/** `GET /access-log`: who asked what of which tenant, newest first. */
import type { HttpFunctionOptions } from '@azure/functions';
import type { AccessLog } from '../shared/access/access-log.ts';
import { nextAddress, parseAccessLogQuery, publicEntry } from '../shared/access/access-log-query.ts';
import { authenticated, type Call, type HttpDeps } from './http.ts';

export type ListAccessLogDeps = HttpDeps & { readonly accessLog: AccessLog };

export function listAccessLogFunction(deps: ListAccessLogDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'access-log',
    handler: (call) => answerList(deps, call),
  });
}

/** A caller for one tenant sees what concerns that tenant, and only calls of those who may see it. */
async function answerList(deps: ListAccessLogDeps, { request, caller }: Call) {
  deps.access.require(caller, 'access.read');
  const asked = parseAccessLogQuery(request.query, deps.now());
  const seesAll = caller.tenants === '*';
  const tenantId = asked.tenantId ?? (seesAll ? undefined : caller.tenants);
  if (tenantId !== undefined && !seesAll) await deps.access.openTenant(caller, tenantId, 'access.read');
  const { entries, next } = await deps.accessLog.list({ ...asked, tenantId, onlyInsiders: !seesAll });
  const nextLink = next === undefined ? {} : { nextLink: nextAddress(request.url, asked, next) };
  return { jsonBody: { value: entries.map(publicEntry), ...nextLink } };
}

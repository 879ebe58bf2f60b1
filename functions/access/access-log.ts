/** The access log: who called what for which tenant, newest first. */
import type { AccessLog } from '../../shared/access/access-log.ts';
import { nextAddress, publicEntry, toAccessLogQuery } from '../../shared/access/access-log-query.ts';
import type { Access, Caller } from '../../shared/access/access.ts';
import { seesAll, tenantsOf } from '../../shared/access/caller.ts';
import { soleTenant } from '../../shared/access/tenant-set.ts';
import { invalidParameter } from '../../shared/errors.ts';
import * as api from '../../shared/api/access.ts';
import { handler } from '../../shared/http/handler.ts';

interface AccessLogDeps {
  readonly access: Access;
  readonly accessLog: AccessLog;
  readonly now: () => Date;
}

/** A caller for one tenant sees what concerns that tenant, and only calls of callers who may see it. */
export const listAccessLogHandler = handler(
  api.listAccessLog,
  async ({ access, accessLog, now }: AccessLogDeps, { request, caller, query, reply }) => {
    const { tenant: name, ...rest } = query;
    const asked = toAccessLogQuery(rest, now());
    const tenantId = await tenantIdFor(access, caller, name);
    const onlyInsiders = !seesAll(caller, 'access.read');
    const { entries, next } = await accessLog.list({ ...asked, tenantId, onlyInsiders });
    const tenant = name === undefined ? undefined : tenantId;
    const nextLink = next === undefined ? undefined : nextAddress(request.url, { ...asked, tenant }, next);
    return reply(200, { value: entries.map(publicEntry), nextLink });
  },
);

/**
 * Undefined for all tenants. The log outlives tenants, so callers for all tenants may ask for any ID.
 * @throws RequestError 404 for a tenant that the caller has no access to, as if it did not exist; 400 where a caller of
 *   several tenants names none
 */
async function tenantIdFor(
  access: Access,
  caller: Caller,
  name: string | undefined,
): Promise<string | undefined> {
  const isForAll = seesAll(caller, 'access.read');
  if (name === undefined && isForAll) return undefined;
  const wanted = name ?? soleTenant(tenantsOf(caller, 'access.read') ?? '');
  if (wanted === undefined)
    throw invalidParameter('tenant', "'tenant' is required: you see several tenants.");
  const id = await access.tenantIdOf(caller, wanted, 'tenant');
  if (id !== undefined && isForAll) return id;
  return (await access.openTenant(caller, id ?? wanted, 'access.read')).tenantId;
}

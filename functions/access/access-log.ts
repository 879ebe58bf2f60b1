/** The access log: who called what for which tenant, newest first. */
import type { AccessLog } from '../../shared/access/access-log.ts';
import { nextAddress, publicEntry, toAccessLogQuery } from '../../shared/access/access-log-query.ts';
import type { Access } from '../../shared/access/access.ts';
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
    const asked = toAccessLogQuery(query, now());
    const seesAll = caller.tenants === '*';
    const tenantId = asked.tenantId ?? (seesAll ? undefined : caller.tenants);
    if (tenantId !== undefined && !seesAll) await access.openTenant(caller, tenantId, 'access.read');
    const { entries, next } = await accessLog.list({ ...asked, tenantId, onlyInsiders: !seesAll });
    const nextLink = next === undefined ? undefined : nextAddress(request.url, asked, next);
    return reply(200, { value: entries.map(publicEntry), nextLink });
  },
);

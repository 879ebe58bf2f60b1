/** Records of several tenants, merged by time. */
import type { Access } from '../../shared/access/access.ts';
import * as api from '../../shared/api/records.ts';
import { handler } from '../../shared/http/handler.ts';
import { jsonType, serialized } from '../../shared/http/reply.ts';
import { answerRecordsOfTenants, type AnswerPageDeps } from '../../shared/query/answer-page.ts';
import { toRecordQuery } from '../../shared/query/record-query.ts';
import { openTenants } from '../../shared/access/open-tenants.ts';

interface TenantsDeps extends AnswerPageDeps {
  readonly access: Access;
}

export const listRecordsOfTenantsHandler = handler(
  api.listRecordsOfTenants,
  async (deps: TenantsDeps, { request, caller, query: { tenants: names, ...rest }, dialect, reply }) => {
    const query = toRecordQuery(rest, dialect);
    const tenants = await openTenants(deps.access, caller, names);
    const { json, body, headers } = await answerRecordsOfTenants(deps, { tenants, query, url: request.url });
    return json === undefined ? reply(200, body, headers) : reply(200, serialized(json, jsonType), headers);
  },
);

/** `GET /tenants/{tenantId}/records/{recordId}/auditData`: the exact bytes as Microsoft delivered them. */
import type { HttpFunctionOptions } from '@azure/functions';
import { createHash } from 'node:crypto';
import { findRecord, type FindDeps } from '../shared/query/find-record.ts';
import { authenticated, pathParameter, type HttpDeps } from './http.ts';

export function getRecordAuditDataFunction(deps: HttpDeps & FindDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'tenants/{tenantId}/records/{recordId}/auditData',
    async handler({ request, caller }) {
      const tenant = await deps.access.openTenant(caller, pathParameter(request, 'tenantId'), 'records.read');
      const found = await findRecord(deps, tenant.tenantId, pathParameter(request, 'recordId'));
      // Evidence: whoever keeps a copy can show that it is what was delivered.
      const etag = `"${createHash('sha256').update(found.text).digest('hex')}"`;
      if (request.headers.get('if-none-match') === etag) return { status: 304, headers: { ETag: etag } };
      return { body: found.text, headers: { 'Content-Type': 'application/json; charset=utf-8', ETag: etag } };
    },
  });
}

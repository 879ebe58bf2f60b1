/** `GET /tenants/{tenantId}/records/{recordId}`: one record with everything it says. */
import type { HttpFunctionOptions } from '@azure/functions';
import { findRecord, type FindDeps, type RecordWithText } from '../shared/query/find-record.ts';
import { publicRecord } from '../shared/query/public-record.ts';
import { authenticated, pathParameter, type HttpDeps } from './http.ts';

export function getRecordFunction(deps: HttpDeps & FindDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'tenants/{tenantId}/records/{recordId}',
    async handler({ request, caller }) {
      const tenant = await deps.access.openTenant(caller, pathParameter(request, 'tenantId'), 'records.read');
      const found = await findRecord(deps, tenant.tenantId, pathParameter(request, 'recordId'));
      return { body: recordJson(found), headers: { 'Content-Type': 'application/json; charset=utf-8' } };
    },
  });
}

/**
 * The delivered text is put in as it is: numbers beyond 2^53 and duplicate keys would not survive parsing and
 * printing. A text that is no JSON goes in as a string.
 */
function recordJson({ record, text }: RecordWithText): string {
  const summary = JSON.stringify(publicRecord(record));
  const auditData = isJson(text) ? text.toString('utf8') : JSON.stringify(text.toString('utf8'));
  return `${summary.slice(0, -1)},"auditData":${auditData}}`;
}

function isJson(text: Buffer): boolean {
  try {
    JSON.parse(text.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

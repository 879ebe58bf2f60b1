/** `POST /tenants/{tenantId}/exports`: writes all records that pass filters to a file, as a long-running operation. */
import type { HttpFunctionOptions, HttpResponseInit } from '@azure/functions';
import { acceptedHeaders, type ResultLinkDeps } from '../shared/access/result-link.ts';
import { exportBodySchema } from '../shared/exports/export-request.ts';
import { publicExport } from '../shared/exports/public-export.ts';
import { startExport, type StartExportDeps } from '../shared/exports/start-export.ts';
import { readManagedTenant } from '../shared/tenants/managed.ts';
import type { TenantStore } from '../shared/tenants/tenant.ts';
import { addressOf, authenticated, pathParameter, readBody, type Call, type HttpDeps } from './http.ts';

type StartExportFunctionDeps = HttpDeps &
  StartExportDeps &
  ResultLinkDeps & { readonly tenants: Pick<TenantStore, 'get'> };

export function startExportFunction(deps: StartExportFunctionDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['POST'],
    route: 'tenants/{tenantId}/exports',
    handler: (call) => answerStart(deps, call),
  });
}

async function answerStart(deps: StartExportFunctionDeps, call: Call): Promise<HttpResponseInit> {
  const { request, caller } = call;
  // Whoever may read the records may read them as a file.
  const opened = await deps.access.openTenant(caller, pathParameter(request, 'tenantId'), 'records.read');
  const tenant = await readManagedTenant(deps.tenants, opened.tenantId);
  const wanted = await readBody(request, exportBodySchema);
  const started = await startExport(deps, tenant, { request: wanted, createdBy: caller.id });
  const { tenantId, exportId: id } = started;
  const headers = acceptedHeaders(deps, call, { tenantId, kind: 'exports', id }, addressOf(request, id));
  return { status: 202, jsonBody: publicExport(started), headers };
}

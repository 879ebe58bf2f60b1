/** `POST /tenants/{tenantId}/exports`: writes all records that pass filters to a file, as a long-running operation. */
import type { HttpFunctionOptions } from '@azure/functions';
import { exportBodySchema } from '../shared/exports/export-request.ts';
import { publicExport } from '../shared/exports/public-export.ts';
import { startExport, type StartExportDeps } from '../shared/exports/start-export.ts';
import { readInCare } from '../shared/tenants/in-care.ts';
import type { TenantStore } from '../shared/tenants/tenant.ts';
import { addressOf, authenticated, pathParameter, readBody, type HttpDeps } from './http.ts';

type StartExportFunctionDeps = HttpDeps & StartExportDeps & { readonly tenants: Pick<TenantStore, 'get'> };

export function startExportFunction(deps: StartExportFunctionDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['POST'],
    route: 'tenants/{tenantId}/exports',
    async handler({ request, caller }) {
      // Whoever may read the records may read them as a file.
      const id = pathParameter(request, 'tenantId');
      const { tenantId } = await deps.access.openTenant(caller, id, 'records.read');
      const tenant = await readInCare(deps.tenants, tenantId);
      const wanted = await readBody(request, exportBodySchema);
      const started = await startExport(deps, tenant, { request: wanted, createdBy: caller.id });
      // What flows follow (the result) and what Azure clients follow (the status monitor).
      const headers = {
        Location: addressOf(request, `${started.exportId}/result`),
        'Operation-Location': addressOf(request, started.exportId),
        'Retry-After': '10',
      };
      return { status: 202, jsonBody: publicExport(started), headers };
    },
  });
}

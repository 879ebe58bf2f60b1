/** `GET /tenants/{tenantId}/exports/{exportId}`: the status monitor; always 200. */
import type { HttpFunctionOptions } from '@azure/functions';
import { findExport, type ExportStore } from '../shared/exports/export.ts';
import { publicExport } from '../shared/exports/public-export.ts';
import { authenticated, pathParameter, type HttpDeps } from './http.ts';

export function getExportFunction(deps: HttpDeps & { readonly exports: ExportStore }): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'tenants/{tenantId}/exports/{exportId}',
    async handler({ request, caller }) {
      const tenant = await deps.access.openTenant(caller, pathParameter(request, 'tenantId'), 'records.read');
      const id = pathParameter(request, 'exportId');
      return { jsonBody: publicExport(await findExport(deps.exports, tenant.tenantId, id)) };
    },
  });
}

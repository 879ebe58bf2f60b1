/** `GET …/exports/{exportId}/manifest`: what the file is, by which somebody can judge it without asking here again. */
import type { HttpFunctionOptions } from '@azure/functions';
import { downloadName, findExport, type ExportStore } from '../shared/exports/export.ts';
import { manifestOf, wholeExport } from '../shared/exports/manifest.ts';
import { authenticated, pathParameter, type HttpDeps } from './http.ts';

export function getExportManifestFunction(
  deps: HttpDeps & { readonly exports: ExportStore },
): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'tenants/{tenantId}/exports/{exportId}/manifest',
    async handler({ request, caller }) {
      const tenant = await deps.access.openTenant(caller, pathParameter(request, 'tenantId'), 'records.read');
      const id = pathParameter(request, 'exportId');
      const whole = wholeExport(await findExport(deps.exports, tenant.tenantId, id));
      const fileName = `${downloadName(whole)}.manifest.json`;
      return {
        jsonBody: manifestOf(whole),
        headers: { 'Content-Disposition': `attachment; filename="${fileName}"` },
      };
    },
  });
}

/** `POST …/exports/{exportId}/cancel`: ends an export that is being written; one that has finished stays as it is. */
import type { HttpFunctionOptions } from '@azure/functions';
import {
  exportFileName,
  findExport,
  isFinished,
  type ExportFiles,
  type ExportStore,
} from '../shared/exports/export.ts';
import { publicExport } from '../shared/exports/public-export.ts';
import { authenticated, pathParameter, type HttpDeps } from './http.ts';

export interface CancelExportDeps extends HttpDeps {
  readonly exports: ExportStore;
  readonly exportFiles: ExportFiles;
}

export function cancelExportFunction(deps: CancelExportDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['POST'],
    route: 'tenants/{tenantId}/exports/{exportId}/cancel',
    async handler({ request, caller }) {
      const { tenantId } = await deps.access.openTenant(
        caller,
        pathParameter(request, 'tenantId'),
        'records.read',
      );
      const found = await findExport(deps.exports, tenantId, pathParameter(request, 'exportId'));
      if (isFinished(found)) return { status: 202, jsonBody: publicExport(found) };
      await deps.exports.cancel(tenantId, found.exportId, deps.now());
      const ended = await findExport(deps.exports, tenantId, found.exportId);
      // It may have been finished in the meantime, and then its file stays.
      if (ended.status === 'Canceled') await deps.exportFiles.remove(exportFileName(ended));
      return { status: 202, jsonBody: publicExport(ended) };
    },
  });
}

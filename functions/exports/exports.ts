/** Exports: start, follow, cancel. */
import * as api from '../../shared/api/exports.ts';
import {
  exportFileName,
  findExport,
  isFinished,
  type Export,
  type ExportFiles,
  type ExportStore,
} from '../../shared/exports/export.ts';
import { manifestOf, wholeExport } from '../../shared/exports/manifest.ts';
import { downloadName } from '../../shared/exports/export.ts';
import { publicExport } from '../../shared/exports/public-export.ts';
import { startExport, type StartExportDeps } from '../../shared/exports/start-export.ts';
import { handler } from '../../shared/http/handler.ts';
import { addressOf } from '../../shared/http/request.ts';
import { runningHeaders, startedHeaders, type ResultLinkDeps } from '../../shared/http/result-link.ts';

interface ExportsDeps {
  readonly exports: ExportStore;
}

/** Callers who may read the records may read them as a file. */
export const startExportHandler = handler(
  api.startExport,
  async (deps: StartExportDeps & ResultLinkDeps, { request, caller, tenant, body, reply }) => {
    const started = await startExport(deps, tenant, { request: body, createdBy: caller.id });
    const monitor = addressOf(request, started.exportId);
    const headers = startedHeaders(deps, { request, caller }, operationOf(started), monitor);
    return reply(202, publicExport(started), headers);
  },
);

function operationOf({ tenantId, exportId }: Export) {
  return { tenantId, kind: 'exports', id: exportId } as const;
}

export const getExportHandler = handler(
  api.getExport,
  async ({ exports }: ExportsDeps, { tenant, path, reply }) =>
    reply(200, publicExport(await findExport(exports, tenant.tenantId, path.exportId))),
);

/** A flow must neither mistake a canceled export for a file nor repeat a failed one automatically. */
export const getExportResultHandler = handler(
  api.getExportResult,
  async (deps: ExportsDeps & ResultLinkDeps, { request, caller, tenant, path, reply }) => {
    const found = await findExport(deps.exports, tenant.tenantId, path.exportId);
    if (!isFinished(found)) {
      const monitor = addressOf(request, `../../${found.exportId}`);
      const headers = runningHeaders(deps, { request, caller }, operationOf(found), monitor);
      return reply(202, publicExport(found), headers);
    }
    if (found.status !== 'Succeeded') {
      const error = failureOf(found);
      return reply(422, { error }, { 'x-ms-error-code': error.code });
    }
    const contentUrl = addressOf(request, '../content');
    const manifestUrl = addressOf(request, '../manifest');
    return reply(200, { ...publicExport(found), contentUrl, manifestUrl });
  },
);

function failureOf({ status, errorCode, errorMessage }: Export) {
  const code = status === 'Canceled' ? 'ExportCanceled' : 'ExportFailed';
  const message = errorMessage ?? 'The export was canceled: there is no file.';
  return { code, message, details: errorCode === undefined ? [] : [{ code: errorCode, message }] };
}

export const getExportManifestHandler = handler(
  api.getExportManifest,
  async ({ exports }: ExportsDeps, { tenant, path, reply }) => {
    const whole = wholeExport(await findExport(exports, tenant.tenantId, path.exportId));
    const disposition = `attachment; filename="${downloadName(whole)}.manifest.json"`;
    return reply(200, manifestOf(whole), { 'Content-Disposition': disposition });
  },
);

export const cancelExportHandler = handler(
  api.cancelExport,
  async (
    {
      exports,
      exportFiles,
      now,
    }: ExportsDeps & { readonly exportFiles: ExportFiles; readonly now: () => Date },
    { tenant, path, reply },
  ) => {
    const { tenantId } = tenant;
    const found = await findExport(exports, tenantId, path.exportId);
    if (isFinished(found)) return reply(202, publicExport(found));
    await exports.cancel(tenantId, found.exportId, now());
    const ended = await findExport(exports, tenantId, found.exportId);
    // It may have finished in the meantime, and then its file stays.
    if (ended.status === 'Canceled') await exportFiles.remove(exportFileName(ended));
    return reply(202, publicExport(ended));
  },
);

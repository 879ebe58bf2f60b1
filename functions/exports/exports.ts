/** Exports: start, follow, cancel. */
import * as api from '../../shared/api/exports.ts';
import { downloadName, exportKind, type ExportStore } from '../../shared/exports/export.ts';
import { exportEffects, type ExportEffectsDeps } from '../../shared/exports/export-work.ts';
import { manifestOf, wholeExport } from '../../shared/exports/manifest.ts';
import { publicExport } from '../../shared/exports/public-export.ts';
import { startExport, type StartExportDeps } from '../../shared/exports/start-export.ts';
import { handler } from '../../shared/http/handler.ts';
import { addressOf } from '../../shared/http/request.ts';
import { runningHeaders, startedHeaders, type ResultLinkDeps } from '../../shared/http/result-link.ts';
import { cancelOperation, type CancelOperationDeps } from '../../shared/operations/end-operation.ts';
import { resultOf } from '../../shared/operations/operation-result.ts';
import { findOperation } from '../../shared/operations/operation-store.ts';

interface ExportsDeps {
  readonly exports: ExportStore;
}

const kind = 'exports';

/** Callers who may read the records may read them as a file. */
export const startExportHandler = handler(
  api.startExport,
  async (deps: StartExportDeps & ResultLinkDeps, { request, caller, tenant, body, reply }) => {
    const started = await startExport(deps, tenant, { request: body, createdBy: caller.id });
    const monitor = addressOf(request, started.id);
    const headers = startedHeaders(deps, { request, caller }, { ...started, kind }, monitor);
    return reply(202, publicExport(started), headers);
  },
);

export const getExportHandler = handler(
  api.getExport,
  async ({ exports }: ExportsDeps, { tenant, path, reply }) =>
    reply(200, publicExport(await findOperation(exports, { ...tenant, id: path.exportId }))),
);

/** A flow must neither mistake a canceled export for a file nor repeat a failed one automatically. */
export const getExportResultHandler = handler(
  api.getExportResult,
  async (deps: ExportsDeps & ResultLinkDeps, { request, caller, tenant, path, reply }) => {
    const found = await findOperation(deps.exports, { ...tenant, id: path.exportId });
    const result = resultOf(exportKind, found);
    if (result.status === 202) {
      const monitor = addressOf(request, `../../${found.id}`);
      const headers = runningHeaders(deps, { request, caller }, { ...found, kind }, monitor);
      return reply(202, publicExport(found), headers);
    }
    if (result.status === 422)
      return reply(422, { error: result.error }, { 'x-ms-error-code': result.error.code });
    const contentUrl = addressOf(request, '../content');
    const manifestUrl = addressOf(request, '../manifest');
    return reply(200, { ...publicExport(found), contentUrl, manifestUrl });
  },
);

export const getExportManifestHandler = handler(
  api.getExportManifest,
  async ({ exports }: ExportsDeps, { tenant, path, reply }) => {
    const whole = wholeExport(await findOperation(exports, { ...tenant, id: path.exportId }));
    const disposition = `attachment; filename="${downloadName(whole)}.manifest.json"`;
    return reply(200, manifestOf(whole), { 'Content-Disposition': disposition });
  },
);

/** A finished export keeps its file. */
export const cancelExportHandler = handler(
  api.cancelExport,
  async (deps: ExportEffectsDeps & CancelOperationDeps, { tenant, path, reply }) => {
    const found = await findOperation(deps.exports, { ...tenant, id: path.exportId });
    return reply(202, publicExport(await cancelOperation(deps, exportEffects(deps), found)));
  },
);

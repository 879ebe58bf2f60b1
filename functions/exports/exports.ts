/** Exports: start, follow, cancel. */
import { ensureMayChange } from '../../shared/access/maker.ts';
import * as api from '../../shared/api/exports.ts';
import { downloadName, exportKind, type ExportStore } from '../../shared/exports/export.ts';
import { exportEffects, type ExportEffectsDeps } from '../../shared/exports/export-work.ts';
import { manifestOf, wholeExport } from '../../shared/exports/manifest.ts';
import { publicExport } from '../../shared/exports/public-export.ts';
import { startExport, type StartExportDeps } from '../../shared/exports/start-export.ts';
import { handler } from '../../shared/http/handler.ts';
import { addressOf } from '../../shared/http/request.ts';
import {
  answerResult,
  resultToken,
  startedHeaders,
  type ResultLinkDeps,
} from '../../shared/http/operation-answers.ts';
import { cancelOperation, type CancelOperationDeps } from '../../shared/operations/end-operation.ts';
import { resultOf } from '../../shared/operations/operation-result.ts';
import { findOperation } from '../../shared/operations/operation-store.ts';

interface ExportsDeps {
  readonly exports: ExportStore;
}

/** Callers who may read the records may read them as a file. */
export const startExportHandler = handler(
  api.startExport,
  async (deps: StartExportDeps & ResultLinkDeps, { request, caller, tenant, body, reply }) => {
    const started = await startExport(deps, tenant, { request: body, createdBy: caller.id });
    const token = resultToken(deps, { request, caller }, 'exports', started);
    return reply(202, publicExport(started), startedHeaders(addressOf(request, started.id), token));
  },
);

export const getExportHandler = handler(
  api.getExport,
  async ({ exports }: ExportsDeps, { tenant, path, reply }) =>
    reply(200, publicExport(await findOperation(exports, { ...tenant, id: path.exportId }))),
);

export const getExportResultHandler = handler(
  api.getExportResult,
  async (deps: ExportsDeps & ResultLinkDeps, { request, caller, tenant, path, reply }) => {
    const found = await findOperation(deps.exports, { ...tenant, id: path.exportId });
    const view = publicExport(found);
    const contentUrl = addressOf(request, '../content');
    const manifestUrl = addressOf(request, '../manifest');
    const token = resultToken(deps, { request, caller }, 'exports', found);
    return answerResult(request, resultOf(exportKind, found), token, {
      ended: () => reply(200, { ...view, contentUrl, manifestUrl }),
      running: (headers) => reply(202, view, headers),
      failed: (body, headers) => reply(422, body, headers),
    });
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

/** By its maker, or by who manages tenants. A finished export keeps its file. */
export const cancelExportHandler = handler(
  api.cancelExport,
  async (deps: ExportEffectsDeps & CancelOperationDeps, { caller, tenant, path, reply }) => {
    const found = await findOperation(deps.exports, { ...tenant, id: path.exportId });
    ensureMayChange(caller, found.createdBy, 'export');
    return reply(202, publicExport(await cancelOperation(deps, exportEffects(deps), found)));
  },
);

/** `GET …/exports/{exportId}/result`: 202 while it is written, then where the file is: 200, or 422 if there is none. */
import type { HttpFunctionOptions, HttpResponseInit, HttpRequest } from '@azure/functions';
import { identifyResultReader, waitingHeaders, type ResultReaderDeps } from '../shared/access/result-link.ts';
import { findExport, isFinished, type Export, type ExportStore } from '../shared/exports/export.ts';
import { publicExport } from '../shared/exports/public-export.ts';
import { addressOf, authenticated, pathParameter, type Call, type HttpDeps } from './http.ts';

type ExportResultDeps = HttpDeps & ResultReaderDeps & { readonly exports: ExportStore };

const kind = 'exports';

export function getExportResultFunction(deps: ExportResultDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'tenants/{tenantId}/exports/{exportId}/result',
    identify: (request) =>
      identifyResultReader(deps, request, {
        tenantId: pathParameter(request, 'tenantId'),
        kind,
        id: pathParameter(request, 'exportId'),
      }),
    handler: (call) => answerResult(deps, call),
  });
}

async function answerResult(deps: ExportResultDeps, call: Call): Promise<HttpResponseInit> {
  const { request, caller } = call;
  const { tenantId } = await deps.access.openTenant(
    caller,
    pathParameter(request, 'tenantId'),
    'records.read',
  );
  const found = await findExport(deps.exports, tenantId, pathParameter(request, 'exportId'));
  if (isFinished(found)) return resultOf(request, found);
  const { exportId: id } = found;
  const headers = waitingHeaders(deps, call, { tenantId, kind, id }, addressOf(request, `../../${id}`));
  return { status: 202, jsonBody: publicExport(found), headers };
}

/** A flow must neither take a canceled export for a file nor repeat a failed one by itself. */
function resultOf(request: HttpRequest, found: Export): HttpResponseInit {
  if (found.status === 'Succeeded') {
    const contentUrl = addressOf(request, '../content');
    const manifestUrl = addressOf(request, '../manifest');
    return { jsonBody: { ...publicExport(found), contentUrl, manifestUrl } };
  }
  const code = found.status === 'Canceled' ? 'ExportCanceled' : 'ExportFailed';
  const message = found.errorMessage ?? 'The export was canceled: there is no file.';
  const details = found.errorCode === undefined ? [] : [{ code: found.errorCode, message }];
  return {
    status: 422,
    jsonBody: { error: { code, message, details } },
    headers: { 'x-ms-error-code': code },
  };
}

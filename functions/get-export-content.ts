/** `GET …/exports/{exportId}/content`: the file itself, whole or from where a download broke off; never a redirect. */
import type { HttpFunctionOptions, HttpResponseInit } from '@azure/functions';
import { namesTag } from '../shared/access/conditional.ts';
import { RequestError } from '../shared/errors.ts';
import { parseRange, type RequestedRange } from '../shared/exports/byte-range.ts';
import {
  downloadName,
  exportFileName,
  findExport,
  type ByteRange,
  type ExportFiles,
  type ExportStore,
} from '../shared/exports/export.ts';
import { fileFormat } from '../shared/exports/formats.ts';
import { wholeExport, type WholeExport } from '../shared/exports/manifest.ts';
import type { PacedBody } from '../shared/http/paced-body.ts';
import { authenticated, pathParameter, type Call, type HttpDeps } from './http.ts';

export interface ExportContentDeps extends HttpDeps {
  readonly exports: ExportStore;
  readonly exportFiles: ExportFiles;
  readonly pacedBody: PacedBody;
}

export function getExportContentFunction(deps: ExportContentDeps): HttpFunctionOptions {
  const optionsFor = (invocationId: string) =>
    authenticated(deps, {
      methods: ['GET'],
      route: 'tenants/{tenantId}/exports/{exportId}/content',
      handler: (call) => answerContent(deps, call, invocationId),
    });
  return {
    ...optionsFor(''),
    handler: (request, context) => optionsFor(context.invocationId).handler(request, context),
  };
}

async function answerContent(
  deps: ExportContentDeps,
  { request, caller }: Call,
  invocationId: string,
): Promise<HttpResponseInit> {
  const tenant = await deps.access.openTenant(caller, pathParameter(request, 'tenantId'), 'records.read');
  const found = await findExport(deps.exports, tenant.tenantId, pathParameter(request, 'exportId'));
  const whole = wholeExport(found);
  const headers = headersOf(whole);
  const known = request.headers.get('if-none-match');
  if (known !== null && namesTag(known, headers.ETag))
    return { status: 304, headers: { ETag: headers.ETag } };
  const size = whole.progress.bytes;
  const range = requestedRange(request.headers, headers.ETag, size);
  if (range === 'unsatisfiable') {
    const message = `The file has ${size} bytes: the range asked for lies outside of it.`;
    const contentRange = { 'Content-Range': `bytes */${size}` };
    throw new RequestError(416, 'RangeNotSatisfiable', message, { headers: contentRange });
  }
  const name = exportFileName(whole);
  const part = range === 'whole' ? undefined : range;
  const body = deps.pacedBody(invocationId, readLater(deps.exportFiles, name, size === 0 ? null : part));
  if (part === undefined) return { body, headers: { ...headers, 'Content-Length': String(size) } };
  const partHeaders = {
    'Content-Range': `bytes ${part.first}-${part.last}/${size}`,
    'Content-Length': String(part.last - part.first + 1),
  };
  return { status: 206, body, headers: { ...headers, ...partHeaders } };
}

function headersOf(whole: WholeExport) {
  return {
    'Content-Type': fileFormat(whole.request).mediaType,
    'Content-Disposition': `attachment; filename="${downloadName(whole)}"`,
    'Accept-Ranges': 'bytes',
    ETag: `"${whole.sha256}"`,
    // RFC 9530: of the whole file, also where a part of it is given.
    'Repr-Digest': `sha-256=:${Buffer.from(whole.sha256, 'hex').toString('base64')}:`,
  };
}

function requestedRange(headers: Headers, etag: string, size: number): RequestedRange {
  const condition = headers.get('if-range');
  return condition === null || condition === etag ? parseRange(headers.get('range'), size) : 'whole';
}

/** Opens the file when the first of it is wanted. @param range null: there is nothing to read */
async function* readLater(
  files: ExportFiles,
  name: string,
  range: ByteRange | undefined | null,
): AsyncGenerator<Buffer> {
  if (range === null) return;
  const chunks = await files.read(name, range);
  if (chunks === undefined) throw new Error('The file of an export is not there.');
  yield* chunks;
}

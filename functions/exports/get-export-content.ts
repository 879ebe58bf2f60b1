/** The file of an export, whole or in part so that downloads can be resumed; never a redirect. */
import { fileType } from '../../shared/api/answers.ts';
import * as api from '../../shared/api/exports.ts';
import { RequestError } from '../../shared/errors.ts';
import { parseRange, type RequestedRange } from '../../shared/exports/byte-range.ts';
import {
  downloadName,
  exportFileName,
  type ByteRange,
  type ExportFiles,
  type ExportStore,
} from '../../shared/exports/export.ts';
import { wholeExport, type WholeExport } from '../../shared/exports/manifest.ts';
import type { PacedBody } from '../../shared/http/paced-body.ts';
import { handler } from '../../shared/http/handler.ts';
import { namesTag } from '../../shared/http/conditional.ts';
import { serialized } from '../../shared/http/reply.ts';
import { findOperation } from '../../shared/operations/operation-store.ts';

interface ContentDeps {
  readonly exports: ExportStore;
  readonly exportFiles: ExportFiles;
  readonly pacedBody: PacedBody;
}

export const getExportContentHandler = handler(
  api.getExportContent,
  async (deps: ContentDeps, { request, invocation, tenant, path, reply }) => {
    const whole = wholeExport(await findOperation(deps.exports, { ...tenant, id: path.exportId }));
    const { bytes: size } = whole.state.progress;
    const headers = headersOf(whole);
    const range = requestedRange(request.headers, headers.ETag, size);
    const send = (part: ByteRange | undefined) => {
      const chunks = readLater(deps.exportFiles, exportFileName(whole), size === 0 ? null : part);
      return serialized(deps.pacedBody(invocation.invocationId, chunks), fileType);
    };
    if (range === 'whole' || isKnown(request.headers, headers.ETag))
      return reply(200, send(undefined), { ...headers, 'Content-Length': String(size) });
    if (range === 'unsatisfiable') throw unsatisfiable(size);
    return reply(206, send(range), {
      ...headers,
      'Content-Range': `bytes ${range.first}-${range.last}/${size}`,
      'Content-Length': String(range.last - range.first + 1),
    });
  },
);

/** The HTTP layer answers 304 then. */
function isKnown(headers: Headers, etag: string): boolean {
  const known = headers.get('if-none-match');
  return known !== null && namesTag(known, etag);
}

function unsatisfiable(size: number): RequestError {
  const message = `The requested range is outside the file. Request part of its ${size} bytes.`;
  const headers = { 'Content-Range': `bytes */${size}` };
  return new RequestError(416, 'RangeNotSatisfiable', message, { headers });
}

function headersOf(whole: WholeExport) {
  return {
    'Content-Disposition': `attachment; filename="${downloadName(whole)}"`,
    'Accept-Ranges': 'bytes',
    ETag: `"${whole.sha256}"`,
    // RFC 9530: of the whole file, even when only a range is returned.
    'Repr-Digest': `sha-256=:${Buffer.from(whole.sha256, 'hex').toString('base64')}:`,
  };
}

function requestedRange(headers: Headers, etag: string, size: number): RequestedRange {
  const condition = headers.get('if-range');
  return condition === null || condition === etag ? parseRange(headers.get('range'), size) : 'whole';
}

/** Opens the file when the first chunk is read. @param range null: the file is empty */
async function* readLater(
  files: ExportFiles,
  name: string,
  range: ByteRange | undefined | null,
): AsyncGenerator<Buffer> {
  if (range === null) return;
  const chunks = await files.read(name, range);
  if (chunks === undefined) throw new Error('The file of an export does not exist.');
  yield* chunks;
}

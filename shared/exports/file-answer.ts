/** How the file of an export is answered: whole, or in part so that downloads can be resumed. */
import { fileType } from '../api/answers.ts';
import { RequestError } from '../errors.ts';
import { namesTag } from '../http/conditional.ts';
import type { PacedBody } from '../http/paced-body.ts';
import { serialized, type Serialized } from '../http/reply.ts';
import type { ApiInvocation, ApiRequest } from '../http/request.ts';
import { parseRange, type RequestedRange } from './byte-range.ts';
import type { ByteRange, ExportFiles } from './export.ts';

/** A file that is whole. */
export interface FinishedFile {
  /** Where it is, below the container. */
  readonly name: string;
  readonly downloadName: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface AnswerFileDeps {
  readonly exportFiles: ExportFiles;
  readonly pacedBody: PacedBody;
}

interface FileCall {
  readonly request: ApiRequest;
  readonly invocation: ApiInvocation;
}

/** @throws RequestError 416 for a range that names no byte of the file */
export function answerFile<T>(
  deps: AnswerFileDeps,
  { request, invocation }: FileCall,
  file: FinishedFile,
  reply: {
    readonly whole: (body: Serialized, headers: ReturnType<typeof wholeHeaders>) => T;
    readonly part: (body: Serialized, headers: ReturnType<typeof partHeaders>) => T;
  },
): T {
  const { bytes: size, name } = file;
  const headers = wholeHeaders(file);
  const range = requestedRange(request.headers, headers.ETag, size);
  const send = (part: ByteRange | undefined) => {
    const chunks = readLater(deps.exportFiles, name, size === 0 ? null : part);
    return serialized(deps.pacedBody(invocation.invocationId, chunks), fileType);
  };
  if (range === 'whole' || isKnown(request.headers, headers.ETag))
    return reply.whole(send(undefined), headers);
  if (range === 'unsatisfiable') throw unsatisfiable(size);
  return reply.part(send(range), partHeaders(file, range));
}

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

function wholeHeaders({ downloadName, bytes, sha256 }: FinishedFile) {
  return {
    'Content-Disposition': `attachment; filename="${downloadName}"`,
    'Accept-Ranges': 'bytes',
    ETag: `"${sha256}"`,
    // RFC 9530: of the whole file, even when only a range is returned.
    'Repr-Digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
    'Content-Length': String(bytes),
  };
}

function partHeaders(file: FinishedFile, { first, last }: ByteRange) {
  return {
    ...wholeHeaders(file),
    'Content-Range': `bytes ${first}-${last}/${file.bytes}`,
    'Content-Length': String(last - first + 1),
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

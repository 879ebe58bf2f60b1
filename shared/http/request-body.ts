/** Reads the JSON bodies of requests. */
import type * as z from 'zod';
import { invalidParameter, RequestError } from '../errors.ts';
import { parseJson } from '../json.ts';
import { describeIssue } from '../describe-issue.ts';
import { bodyLimits, readWholeBody, tooLarge } from './whole-body.ts';

/** A request, as far as its body goes. */
export interface BodySource {
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array> | null;
}

/**
 * Reads a JSON body of at most 64 KiB, unless told otherwise.
 * @throws RequestError 400, 408, 413 or 415 telling what is wrong
 */
export async function readBody<T extends z.ZodType>(
  request: BodySource,
  schema: T,
  keptBytes?: number,
): Promise<z.output<T>> {
  return parseBody(await readBytes(request, keptBytes), schema);
}

/** As {@link readBody}; no body at all is an empty object. */
export async function readOptionalBody<T extends z.ZodType>(
  request: BodySource,
  schema: T,
): Promise<z.output<T>> {
  const isTyped = request.headers.get('content-type') !== null;
  const body = isTyped ? await readBytes(request) : await readAll(request);
  if (!isTyped && body.length > 0) throw unsupported();
  return body.length === 0 ? parseBody(Buffer.from('{}'), schema) : parseBody(body, schema);
}

/** Parses a body that {@link readBytes} gave. @throws RequestError 400 naming what is wrong */
export function parseBody<T extends z.ZodType>(body: Buffer, schema: T): z.output<T> {
  const value = parseJson(body.toString('utf8'));
  if (value === undefined)
    throw new RequestError(400, 'InvalidJson', 'The body is not valid JSON. Send a JSON object.');
  const result = schema.safeParse(value, { error: describeIssue });
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path.join('.');
  const [target, subject] = path === undefined || path === '' ? ['body', 'The body'] : [path, `'${path}'`];
  throw invalidParameter(target, `${subject} ${issue?.message ?? 'is malformed'}.`);
}

/** The raw bytes of a JSON body. @throws RequestError 400, 408, 413 or 415 */
export async function readBytes(request: BodySource, keptBytes?: number): Promise<Buffer> {
  if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? '')) throw unsupported();
  return await readAll(request, keptBytes);
}

/** A body can be read only once: later reads return the same bytes. */
const read = new WeakMap<BodySource, Promise<Buffer>>();

/** The bytes of any body; can be called repeatedly, with the same limit. @throws RequestError 400, 408, 413 or 415 */
export async function readAll(request: BodySource, keptBytes?: number): Promise<Buffer> {
  const bytes = read.get(request) ?? readOnce(request, keptBytes);
  read.set(request, bytes);
  return await bytes;
}

/** The bytes of a body that is a file. @throws RequestError 400, 408, 413 or 415 */
export async function readFile(request: BodySource, keptBytes: number): Promise<Buffer> {
  return await readOnce(request, keptBytes);
}

async function readOnce({ headers, body }: BodySource, keptBytes = bodyLimits.keptBytes): Promise<Buffer> {
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity')
    throw unsupported(`Content-Encoding ${encoding.slice(0, 64)} is not supported: send it uncompressed.`);
  if (Number(headers.get('content-length') ?? 0) > keptBytes) throw tooLarge(keptBytes);
  return body === null ? Buffer.alloc(0) : await readWholeBody(body, { ...bodyLimits, keptBytes });
}

function unsupported(message = 'Send the body as application/json.'): RequestError {
  return new RequestError(415, 'UnsupportedMediaType', message);
}

/** What all HTTP functions share: request ids, access, the error envelope, one telemetry event each. */
import type { HttpFunctionOptions, HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { Access, Caller } from '../shared/access/access.ts';
import { invalidParameter, RequestError } from '../shared/errors.ts';
import type { Telemetry } from '../shared/telemetry.ts';

export interface HttpDeps {
  readonly access: Access;
  readonly telemetry: Telemetry;
}

export interface Call {
  readonly request: HttpRequest;
  readonly caller: Caller;
}

/** An error that a handler throws becomes `{error: {code, message, target}}`; one that is not ours tells nothing. */
type CallHandler = (call: Call) => Promise<HttpResponseInit>;

interface Route {
  readonly methods: HttpFunctionOptions['methods'] & {};
  readonly route: string;
  readonly handler: CallHandler;
}

/**
 * Options of an HTTP function whose callers are authenticated. The host's own keys are not used: they open every
 * function for everybody.
 */
export function authenticated(deps: HttpDeps, { handler, ...route }: Route): HttpFunctionOptions {
  return {
    ...route,
    authLevel: 'anonymous',
    handler: (request, context) =>
      answer(deps, { request, context }, async () => {
        const caller = await deps.access.authenticate(request.headers.get('x-api-key'));
        return await handler({ request, caller });
      }),
  };
}

interface Incoming {
  readonly request: HttpRequest;
  readonly context: InvocationContext;
}

/** Answers a request, whatever happens. */
export async function answer(
  deps: Pick<HttpDeps, 'telemetry'>,
  { request, context }: Incoming,
  handle: () => Promise<HttpResponseInit>,
): Promise<HttpResponseInit> {
  const started = performance.now();
  const response = await handle().catch((error: unknown) => failure(deps, context, error));
  const requestId = randomUUID();
  const fields = { function: context.functionName, status: response.status ?? 200, requestId };
  deps.telemetry('http.request.finished', { ...fields, durationMs: Math.round(performance.now() - started) });
  return { ...response, headers: { ...commonHeaders(request, requestId), ...plainHeaders(response) } };
}

function commonHeaders(request: HttpRequest, requestId: string): Record<string, string> {
  const clientRequestId = request.headers.get('x-ms-client-request-id');
  return {
    'x-ms-request-id': requestId,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(clientRequestId !== null && /^[\w-]{1,64}$/.test(clientRequestId)
      ? { 'x-ms-client-request-id': clientRequestId }
      : {}),
  };
}

function plainHeaders({ headers }: HttpResponseInit): Record<string, string> {
  return Object.fromEntries(new Headers(headers as ConstructorParameters<typeof Headers>[0]));
}

function failure(
  { telemetry }: Pick<HttpDeps, 'telemetry'>,
  context: InvocationContext,
  error: unknown,
): HttpResponseInit {
  if (error instanceof RequestError) return errorAnswer(error);
  const name = error instanceof Error ? error.name : 'unknown';
  telemetry('http.request.failed', { function: context.functionName, error: name });
  // The stack goes to the log for the operator; messages of SDKs may hold more than callers should see.
  context.error(error);
  return errorAnswer(
    new RequestError(
      500,
      'InternalError',
      'Something failed here. Try again, or tell us the x-ms-request-id.',
    ),
  );
}

function errorAnswer({ status, code, message, target, headers }: RequestError): HttpResponseInit {
  const jsonBody = { error: { code, message, ...(target === undefined ? {} : { target }) } };
  return { status, jsonBody, headers: { ...headers, 'x-ms-error-code': code } };
}

/** Where a resource is, seen from the address that was asked: `records` below it, `../x` beside it. */
export function addressOf(request: HttpRequest, relative: string): string {
  const { origin, pathname } = new URL(request.url);
  return new URL(relative, `${origin}${pathname.replace(/\/?$/, '/')}`).href;
}

/** A path parameter; the route guarantees that it is there. */
export function pathParameter(request: HttpRequest, name: string): string {
  return request.params[name] ?? '';
}

const maxBodyBytes = 64 * 1024;

/**
 * Reads a JSON body of at most 64 KiB.
 * @throws RequestError 400, 413 or 415 telling what is wrong
 */
export async function readBody<T extends z.ZodType>(request: HttpRequest, schema: T): Promise<z.output<T>> {
  return parseBody(await readBytes(request), schema);
}

/** Parses a body that {@link readBytes} gave. @throws RequestError 400 naming what is wrong */
export function parseBody<T extends z.ZodType>(body: Buffer, schema: T): z.output<T> {
  const result = schema.safeParse(parseJson(body.toString('utf8')));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path.join('.');
  const target = path === undefined || path === '' ? 'body' : path;
  throw invalidParameter(target, `${target}: ${issue?.message ?? 'is not understood'}.`);
}

/** The raw bytes of a JSON body. @throws RequestError 413 or 415 */
export async function readBytes(request: HttpRequest): Promise<Buffer> {
  if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? '')) {
    throw new RequestError(415, 'UnsupportedMediaType', 'Send the body as application/json.');
  }
  const tooLarge = new RequestError(413, 'BodyTooLarge', `The body may have ${maxBodyBytes} bytes at most.`);
  if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) throw tooLarge;
  const body: AsyncIterable<Uint8Array> | undefined = request.body ?? undefined;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw tooLarge;
  }
  return Buffer.concat(chunks);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RequestError(400, 'InvalidJson', 'The body is not valid JSON.');
  }
}

/** Compares answers with the description of the HTTP interface: nothing undeclared may be answered. */
import * as z from 'zod';
import { problemType } from '../../shared/http/accept.ts';
import { errorSchema, problemSchema } from '../../shared/api/schemas/errors.ts';
import { refusal } from '../../shared/api/answers.ts';
import { published } from '../../shared/description/published.ts';
import { memoize } from '../../shared/lazy.ts';
import { commonHeaders } from '../../shared/api/headers.ts';
import type { Answer, Operation } from '../../shared/api/operation.ts';
import { allOperations } from '../../shared/api/all.ts';

const operations = allOperations();

/** An answer as a client sees it. */
export interface SeenAnswer {
  readonly method: string;
  readonly url: string | URL;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/**
 * @param operation in place of the one that the address belongs to
 * @throws Error naming everything that the description does not declare
 */
export function expectDescribed(answer: SeenAnswer, operation?: Operation): void {
  const found = undeclared(answer, operation);
  if (found.length === 0) return;
  const { method, url, status } = answer;
  throw new Error(
    `${method} ${new URL(url).pathname} answered ${status}, and undeclared is: ${found.join('; ')}`,
  );
}

/** Like {@link expectDescribed}, for results of `fetch`; the body is read from a copy. */
export async function expectDescribedResponse(method: string, response: Response): Promise<void> {
  expectDescribed({
    ...{ method, url: response.url, status: response.status },
    headers: Object.fromEntries(response.headers),
    body: await response.clone().text(),
  });
}

/** What an answer holds that the description does not declare, in words. */
export function undeclared(
  answer: SeenAnswer,
  operation = operationOf(answer.method, new URL(answer.url).pathname),
): readonly string[] {
  const { status, body } = answer;
  if (operation === undefined) return isWrongAddress(answer) ? [] : ['the operation'];
  const response = operation.answers[status];
  if (response === undefined) return [`status ${status} (${Buffer.from(body).toString().slice(0, 300)})`];
  return [...undeclaredHeaders(answer, response), ...undeclaredBody(answer, response)];
}

/** Without a body it is the host's own, of methods that it passes on to no function. */
function isWrongAddress(answer: SeenAnswer): boolean {
  const { status, body } = answer;
  if (status !== 404 && status !== 405) return false;
  return body.length === 0 || undeclaredBody(answer, refusal(status)).length === 0;
}

const routes = operations.map((operation) => ({ operation, segments: operation.route.split('/') }));

function operationOf(method: string, pathname: string): Operation | undefined {
  const given = pathname
    .replace(/^\/api\//, '')
    .split('/')
    .filter((segment) => segment !== '');
  const fitting = routes.filter(
    ({ operation, segments }) =>
      operation.method === method &&
      segments.length === given.length &&
      segments.every((segment, at) => segment.startsWith('{') || isSame(segment, given[at])),
  );
  // Literal words come before parameters.
  const placeholders = (segments: readonly string[]) =>
    segments.filter((each) => each.startsWith('{')).length;
  return fitting.sort((a, b) => placeholders(a.segments) - placeholders(b.segments))[0]?.operation;
}

function isSame(segment: string, given = ''): boolean {
  return segment.toLowerCase() === given.toLowerCase();
}

/** Headers of the connection, which no interface describes. */
const connection: ReadonlySet<string> = new Set([
  ...['connection', 'content-length', 'content-type', 'date', 'keep-alive', 'transfer-encoding'],
]);
const common: ReadonlySet<string> = new Set(Object.keys(commonHeaders).map((name) => name.toLowerCase()));

function undeclaredHeaders({ headers }: SeenAnswer, response: Answer): readonly string[] {
  const declared = new Set((response.headers ?? []).map((name) => name.toLowerCase()));
  return Object.keys(headers)
    .map((name) => name.toLowerCase())
    .filter((name) => !connection.has(name) && !common.has(name) && !declared.has(name))
    .map((name) => `header ${name}`);
}

function undeclaredBody({ headers, body, url }: SeenAnswer, response: Answer): readonly string[] {
  if (body.length === 0) return [];
  const { schema } = response;
  if (schema === undefined) return ['a body'];
  const type = mediaTypeOf(headers);
  if (type === problemType && schema === errorSchema) return misfits(publishedParser(problemSchema), body);
  if (!declaredTypes(response).includes(type)) return [`media type ${type}`];
  // Delivered bytes can be anything.
  if (type !== 'application/json' || schema instanceof z.ZodUnknown) return [];
  return misfits(isNarrowed(url) ? narrowedParser(schema) : publishedParser(schema), body);
}

function mediaTypeOf(headers: SeenAnswer['headers']): string {
  const [, given = ''] =
    Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type') ?? [];
  return given.split(';')[0]?.trim() ?? '';
}

function declaredTypes({ mediaTypes = ['application/json'], alternatives = [] }: Answer): readonly string[] {
  return [...mediaTypes, ...alternatives];
}

/** From the JSON Schema that is published: it, and not what made it, is what callers can rely on. */
export const publishedParser = memoize((schema: z.ZodType): z.ZodType =>
  z.fromJSONSchema(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any', override: published })),
);

/** For answers that the caller narrowed: `select` leaves out members that are required otherwise. */
const narrowedParser = memoize((schema: z.ZodType): z.ZodType =>
  z.fromJSONSchema(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' })),
);

function isNarrowed(url: SeenAnswer['url']): boolean {
  return [...new URL(url).searchParams.keys()].some((name) => name === 'select' || name === '$select');
}

function misfits(parser: z.ZodType, body: SeenAnswer['body']): readonly string[] {
  const result = parser.safeParse(JSON.parse(Buffer.from(body).toString('utf8')));
  return result.success ? [] : result.error.issues.map(wordsOf);
}

function wordsOf(issue: z.core.$ZodIssue): string {
  const at = issue.path.map(String).join('.');
  return issue.code === 'unrecognized_keys'
    ? `member ${issue.keys.join(', ')} of ${at === '' ? 'the body' : at}`
    : `${at}: ${issue.message}`;
}

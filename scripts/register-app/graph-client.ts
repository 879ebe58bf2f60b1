/** Sends requests to Microsoft Graph, retries where that helps, and explains refusals. */
import * as z from 'zod';
import { odataPage } from '../../shared/adapters/microsoft/odata.ts';
import { readPages } from '../../shared/adapters/microsoft/pages.ts';
import { startBudget } from '../../shared/budget.ts';
import type { Context } from '../command-line/context.ts';
import { Failure } from '../command-line/failure.ts';
import { HttpFailure, retrying, sendJson, type HttpAnswer } from '../command-line/http.ts';

export interface GraphRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below `/v1.0/`. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: object;
  /** It concerns something created a moment ago, which not all of Graph's servers have yet. */
  readonly isNew?: boolean;
}

export interface GraphClient {
  /** The members of an object that the schema has; undefined for 404. @throws Failure saying what is wrong and what to do */
  readonly find: <T extends z.ZodObject>(path: string, schema: T) => Promise<z.output<T> | undefined>;
  /** All pages of a collection. @param filter in OData @throws Failure */
  readonly list: <T extends z.ZodObject>(
    path: string,
    item: T,
    filter?: string,
  ) => Promise<readonly z.output<T>[]>;
  /** The answer's body, if it has one. @throws Failure */
  readonly write: (request: GraphRequest) => Promise<unknown>;
}

export interface GraphClientOptions extends Pick<Context, 'pause' | 'httpsAgent'> {
  /** Without a trailing slash. */
  readonly graphUrl: string;
  readonly token: string;
}

const attempts = 7;
const baseMs = 1000;
const timeoutMs = 60_000;
/** Lists of applications and their grants have a page or two. */
const listMs = 10 * 60_000;

export function createGraphClient(options: GraphClientOptions): GraphClient {
  const root = `${options.graphUrl}/v1.0/`;
  const policy = { attempts, baseMs, sleep: options.pause };
  const send = (request: GraphRequest) => retrying(() => sendOnce(options, root, request), policy);
  return {
    async find(path, schema) {
      const response = await send({ method: 'GET', path: `${path}?$select=${membersOf(schema)}` });
      return response.status === 404 ? undefined : read(schema, response);
    },
    async list(path, item, filter) {
      const schema = odataPage(item);
      const items: z.output<typeof item>[] = [];
      const query = new URLSearchParams({ $select: membersOf(item) });
      if (filter !== undefined) query.set('$filter', filter);
      const pages = readPages({
        first: { url: `${root}${path}?${query.toString()}` },
        read: async ({ url }) => read(schema, await send({ method: 'GET', path: pathBelow(root, url) })),
        next: ({ '@odata.nextLink': url }) => (url === undefined ? undefined : { url }),
        isEmpty: ({ value }) => value.length === 0,
        budget: startBudget(listMs),
        unexpected: (what) => new Failure(`Microsoft Graph returned a list that ${what}.`),
      });
      for await (const { value } of pages) items.push(...value);
      return items;
    },
    write: async (request) => (await send(request)).body,
  };
}

function membersOf({ shape }: z.ZodObject): string {
  return Object.keys(shape).join(',');
}

function read<T extends z.ZodType>(schema: T, { body }: HttpAnswer): z.output<T> {
  const { data, error } = schema.safeParse(body);
  if (error !== undefined) throw new Failure('Microsoft Graph returned an unexpected response.');
  return data;
}

/** Keeps the token from any other address. */
function pathBelow(root: string, link: string): string {
  if (!link.startsWith(root)) throw new Failure('Microsoft Graph returned a link to another address.');
  return link.slice(root.length);
}

/** For a GET, 404 is an answer. */
async function sendOnce(
  { token, httpsAgent }: GraphClientOptions,
  root: string,
  request: GraphRequest,
): Promise<HttpAnswer> {
  const { method, path, body } = request;
  const headers = { Authorization: `Bearer ${token}` };
  const failureOf = (code: string) => {
    const message = `Microsoft Graph could not be reached (${code}): check the network and run this again.`;
    return new HttpFailure(message, { isTransient: method !== 'POST' });
  };
  const url = `${root}${path}`;
  const answer = await sendJson({ method, url, headers, body, timeoutMs, httpsAgent, failureOf });
  if (isDone(request, answer)) return answer;
  throw new HttpFailure(describe(request, answer), {
    isTransient: isTransient(request, answer),
    retryAfterMs: answer.retryAfterMs,
  });
}

function isDone({ method }: GraphRequest, { status }: HttpAnswer): boolean {
  return (status >= 200 && status < 300) || (status === 404 && method === 'GET');
}

/** What a service principal answers while its application is not known everywhere. */
const notKnownYet = /does not reference a valid application object/i;

/** A POST that may have been carried out is not retried: that would create a second object. */
function isTransient({ method, isNew = false }: GraphRequest, answer: HttpAnswer): boolean {
  const { status } = answer;
  if (status === 429 || status === 503) return true;
  if (status === 404) return isNew;
  if (status === 400) return isNew && notKnownYet.test(refusalIn(answer).message);
  return status >= 500 && method !== 'POST';
}

const refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

function refusalIn({ status, body }: HttpAnswer): z.infer<typeof refusal>['error'] {
  return refusal.safeParse(body).data?.error ?? { code: `HTTP ${status}`, message: '' };
}

const retryLater = 'Wait a few minutes, then run this again: it continues where it stopped.';

const remedies: Readonly<Record<number, string>> = {
  401: 'Sign in again: az login.',
  403:
    'Your account needs the Entra role Application Administrator or Cloud Application Administrator; an application ' +
    'needs the permission Application.ReadWrite.All of Microsoft Graph, with consent. A new role or permission takes ' +
    'effect with the next sign-in: az logout, az login.',
  429: retryLater,
};

/** Without the request's headers: they hold the token. */
function describe({ method, path }: GraphRequest, answer: HttpAnswer): string {
  const [resource = ''] = path.split(/[?(/]/);
  const { status } = answer;
  const { code, message } = refusalIn(answer);
  const remedy = remedies[status] ?? (status >= 500 ? retryLater : '');
  const reason = `Microsoft Graph refused ${method} ${resource} with ${status} ${code}: ${message}`;
  return `${reason.replaceAll(/\s+/g, ' ').replace(/:? ?$/, '')}\n${remedy}`.trim();
}

/** HTTP to Microsoft's APIs: connections kept alive, tokens, retries within a budget, and errors classified. */
import axios, { AxiosError, type AxiosInstance, type AxiosResponse, type ResponseType } from 'axios';
import { Agent } from 'node:https';
import * as z from 'zod';
import type { TenantRef } from '../activity/activity-feed.ts';
import { cloudEndpoints } from '../activity/clouds.ts';
import { startBudget, type Budget } from '../budget.ts';
import { budgetSpent, onRefusal, UpstreamError } from '../errors.ts';
import { parseJson } from '../json.ts';
import { parseRetryAfter, withRetries } from '../retry.ts';
import type { Meter } from '../telemetry.ts';
import type { Resource } from '../tenants/sign-in.ts';
import type { TokenProvider } from './entra/token-provider.ts';
import { readPages } from './microsoft-pages.ts';

/** What the adapters of all these APIs share. */
export interface MicrosoftConnection {
  readonly tokens: TokenProvider;
  /** First wait between attempts, in milliseconds; doubled each time. */
  readonly retryBaseMs?: number | undefined;
  /** Counts how often Microsoft throttles. */
  readonly meter?: Meter | undefined;
}

export interface MicrosoftApiOptions extends MicrosoftConnection {
  readonly resource: Resource;
  /** Instead of the cloud's own root. */
  readonly rootUrl: string | undefined;
  /** Sockets per host, and so requests in flight. */
  readonly maxSockets: number;
  /** An answer that is larger when it is decompressed is an error. Streams have no limit. */
  readonly maxAnswerBytes: number;
  /** Turns an answer that is not 2xx into an error that says what to do. */
  readonly classifyError: (refusal: Refusal) => UpstreamError;
  /** Waits until the tenant's rate limit allows a request. */
  readonly throttle?: (tenant: TenantRef) => Promise<void>;
}

/** An answer that is not 2xx. */
export interface Refusal {
  readonly status: number;
  /** Cut off where no error message is that long. */
  readonly body: string;
  /** What the header Retry-After requests. */
  readonly retryAfterMs: number | undefined;
}

export interface MicrosoftRequest {
  readonly method?: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly data?: unknown;
  readonly responseType?: ResponseType;
}

/** An API for one tenant, within one budget. */
export interface MicrosoftApi {
  readonly tenant: TenantRef;
  /** Without a slash at its end. */
  readonly root: string;
  /**
   * Sends with a token and gives the 2xx answer, retrying what a retry can fix. The body of a stream is closed at the
   * budget's cutoff as well.
   * @throws UpstreamError
   */
  send<T>(request: MicrosoftRequest): Promise<AxiosResponse<T>>;
  /** Sends, and parses the answer. @throws UpstreamError also for a proxy's page, or an unknown version */
  read<T extends z.ZodType>(schema: T, request: MicrosoftRequest): Promise<Answer<z.output<T>>>;
  /** Reads a list page by page to the last, as {@link readPages} does. @throws UpstreamError */
  pages<T extends z.ZodType>(list: MicrosoftList<T>): AsyncGenerator<Answer<z.output<T>>>;
  /** @throws UpstreamError for a link to another host: the token must not go there */
  ensureOwnLink(link: string): void;
  /** Counts that Microsoft throttled a request. */
  countThrottle(): void;
}

/** A list, and how its pages are read. */
export interface MicrosoftList<T extends z.ZodType> {
  /** Of each page. */
  readonly schema: T;
  readonly first: MicrosoftRequest;
  /** Requests the page after one, or nothing after the last. */
  readonly next: (page: Answer<z.output<T>>) => MicrosoftRequest | undefined;
  readonly items: (page: z.output<T>) => readonly unknown[];
}

export interface Answer<T> {
  readonly data: T;
  readonly headers: AxiosResponse['headers'];
}

/** @param budget without one, {@link defaultBudgetMs} */
export type OpenMicrosoftApi = (tenant: TenantRef, budget: Budget | undefined) => MicrosoftApi;

/** For calls on behalf of an HTTP request, whose caller is gone after four minutes. */
const defaultBudgetMs = 2 * 60_000;
/** Until the first byte, and between bytes; a busy tenant's content can take half a minute to start. */
const timeoutMs = 90_000;
const maxErrorBodyBytes = 64 * 1024;

/** As cloudEndpoints, metrics and messages call them. */
const apis = {
  activityApi: { root: 'activityApiUrl', metric: 'activity', name: 'The Activity API' },
  graph: { root: 'graphUrl', metric: 'graph', name: 'Microsoft Graph' },
  exchange: { root: 'exchangeUrl', metric: 'exchange', name: 'Exchange' },
} as const;

export function createMicrosoftApi(options: MicrosoftApiOptions): OpenMicrosoftApi {
  const { maxSockets, retryBaseMs, meter, resource, rootUrl } = options;
  const client = axios.create({
    httpsAgent: new Agent({ keepAlive: true, maxSockets, timeout: timeoutMs }),
    timeout: timeoutMs,
    maxRedirects: 0,
    validateStatus: () => true,
    // Node itself would use the environment's proxy settings; a token must not travel through a proxy unnoticed.
    proxy: false,
  });
  const api = apis[resource];
  const unexpected = (what: string) =>
    new UpstreamError('retry', 'UnexpectedAnswer', `${api.name} returned ${what}.`);
  return (tenant, budget = startBudget(defaultBudgetMs)) => {
    const root = rootUrl ?? cloudEndpoints[tenant.cloud][api.root];
    const countThrottle = () => {
      meter?.('auditkeep.throttles', 1, { api: api.metric, tenantId: tenant.tenantId });
    };
    const send = <T>(request: MicrosoftRequest): Promise<AxiosResponse<T>> => {
      const sending = { client, tenant, request, budget, countThrottle };
      const once = () => sendOnce<T>(options, sending);
      return retryBriefly(() => renewingToken(once), budget, retryBaseMs);
    };
    const read: MicrosoftApi['read'] = async (schema, request) => {
      const { data, headers } = await send<unknown>(request);
      const parsed = schema.safeParse(data);
      if (parsed.success) return { data: parsed.data, headers };
      throw unexpected('an unexpected response');
    };
    const ensureOwnLink = (link: string) => {
      if (URL.canParse(link) && new URL(link).origin === new URL(root).origin) return;
      const message = `${api.name} returned a URL on another host; it was not followed.`;
      throw new UpstreamError('fail', 'ForeignHost', message);
    };
    return {
      tenant,
      root,
      send,
      read,
      ensureOwnLink,
      countThrottle,
      pages: ({ schema, first, next, items }) =>
        readPages({
          first,
          next,
          budget,
          read: async (request) => {
            ensureOwnLink(request.url);
            return await read(schema, request);
          },
          isEmpty: ({ data }) => items(data).length === 0,
          unexpected: (what) => unexpected(`a list that ${what}`),
        }),
    };
  };
}

/** One page of a list, as OData has them. A link that is null or blank ends a list, like a missing one. */
export function odataPage<T extends z.ZodType>(item: T) {
  return z.object({ value: z.array(item), '@odata.nextLink': nextLink });
}

/** A list whose pages link to each other as OData has it. */
export function odataList<T extends z.ZodType>(item: T, first: MicrosoftRequest) {
  const next = ({ data }: Answer<{ '@odata.nextLink': string | undefined }>) => {
    const { '@odata.nextLink': url } = data;
    return url === undefined ? undefined : { url };
  };
  return { schema: odataPage(item), first, next, items: ({ value }: { value: readonly unknown[] }) => value };
}

const nextLink = z
  .preprocess(
    (link) => (typeof link === 'string' && link.trim() === '' ? undefined : link),
    z.url().nullish(),
  )
  .transform((link) => link ?? undefined);

interface Sending extends Pick<MicrosoftApi, 'tenant' | 'countThrottle'> {
  readonly client: AxiosInstance;
  readonly request: MicrosoftRequest;
  readonly budget: Budget;
}

async function sendOnce<T>(
  { tokens, resource, throttle, classifyError, maxAnswerBytes }: MicrosoftApiOptions,
  { client, tenant, request, budget, countThrottle }: Sending,
): Promise<AxiosResponse<T>> {
  await throttle?.(tenant);
  const token = await tokens.token(tenant, resource, budget);
  const headers = { ...request.headers, Authorization: `Bearer ${token}` };
  const maxContentLength = request.responseType === 'stream' ? -1 : maxAnswerBytes;
  const response = await client
    .request<T>({ ...request, headers, maxContentLength, signal: budget.cutoff })
    .catch(failAsNetworkError);
  const { status } = response;
  if (status >= 200 && status < 300) return response;
  const body = await bodyText(response.data);
  const refusal = classifyError({ status, body, retryAfterMs: retryAfterMs(response) });
  if (refusal.action === 'renewToken') tokens.renew(tenant, token);
  if (refusal.action === 'pause') countThrottle();
  throw refusal;
}

/** A token that was refused is renewed once. */
async function renewingToken<T>(attempt: () => Promise<T>): Promise<T> {
  const again = onRefusal(async (refusal) => {
    if (refusal.action !== 'renewToken') throw refusal;
    return await attempt().catch(failIfStillRefused);
  });
  return await attempt().catch(again);
}

/** For every call to Microsoft: four attempts. Throttling for longer than a moment is left to the caller. */
export function retryBriefly<T>(
  attempt: () => Promise<T>,
  budget: Budget | undefined,
  baseMs = 500,
): Promise<T> {
  const passing = (error: unknown) => (error instanceof UpstreamError && isBrief(error) ? error : undefined);
  return withRetries(attempt, { attempts: 4, baseMs, passing, budget });
}

const longestInlineWaitMs = 10_000;

function isBrief({ isTransient, retryAfterMs = 0 }: UpstreamError): boolean {
  return isTransient && retryAfterMs <= longestInlineWaitMs;
}

/** A new token did not help, so another one would not either. */
const failIfStillRefused = onRefusal((refusal): never => {
  if (refusal.action !== 'renewToken') throw refusal;
  const { code, message, cure } = refusal;
  throw new UpstreamError('fail', code, message, { cure, cause: refusal });
});

/** A broken connection, a name that does not resolve, a timeout, the cutoff of a budget: all may pass. */
export function toNetworkError(error: unknown): UpstreamError {
  if (isTooLarge(error)) {
    return new UpstreamError('retry', 'AnswerTooLarge', 'Microsoft returned more data than any answer has.');
  }
  const code = error instanceof AxiosError || isErrnoException(error) ? (error.code ?? 'Network') : 'Network';
  // The cause would carry the request with its token into logs.
  return code === 'ERR_CANCELED'
    ? budgetSpent('Microsoft did not answer')
    : new UpstreamError('retry', code, `Could not reach Microsoft (${code}).`);
}

/** axios has no code of its own for it. */
function isTooLarge(error: unknown): boolean {
  return error instanceof AxiosError && error.message.startsWith('maxContentLength size of');
}

function isErrnoException(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}

/** @throws UpstreamError always: {@link toNetworkError} */
export function failAsNetworkError(error: unknown): never {
  throw toNetworkError(error);
}

/** Microsoft requests minutes. A proxy that requests days must not stop collection for longer than this. */
const longestRetryAfterMs = 60 * 60_000;

/** What the header Retry-After requests, in milliseconds; an hour at most. */
export function retryAfterMs(response: AxiosResponse): number | undefined {
  const requestedMs = parseRetryAfter(response.headers['retry-after'], new Date());
  return requestedMs === undefined ? undefined : Math.min(requestedMs, longestRetryAfterMs);
}

/** Undefined for a proxy's page or an empty body: the status alone decides. */
export function parseRefusal<T extends z.ZodType>(schema: T, body: string): z.output<T> | undefined {
  return schema.safeParse(parseJson(body)).data;
}

async function bodyText(data: unknown): Promise<string> {
  if (typeof data === 'string') return data.slice(0, maxErrorBodyBytes);
  if (!isStream(data)) return JSON.stringify(data ?? '').slice(0, maxErrorBodyBytes);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of data) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > maxErrorBodyBytes) break;
    }
  } catch (error) {
    failAsNetworkError(error);
  }
  return Buffer.concat(chunks).toString('utf8').slice(0, maxErrorBodyBytes);
}

function isStream(data: unknown): data is AsyncIterable<Buffer> {
  return typeof data === 'object' && data !== null && Symbol.asyncIterator in data;
}

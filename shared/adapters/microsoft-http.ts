/** HTTP to Microsoft's APIs: connections kept alive, tokens, retries within a budget, and errors classified. */
import axios, { AxiosError, type AxiosResponse, type ResponseType } from 'axios';
import { Agent } from 'node:https';
import type * as z from 'zod';
import type { TenantRef } from '../activity/activity-feed.ts';
import { startBudget, type Budget } from '../budget.ts';
import { UpstreamError } from '../errors.ts';
import { parseRetryAfter, withRetries } from '../retry.ts';
import type { Meter } from '../telemetry.ts';
import type { Resource } from '../tenants/sign-in.ts';
import type { TokenProvider } from './entra/token-provider.ts';

export interface MicrosoftHttpOptions {
  readonly tokens: TokenProvider;
  readonly resource: Resource;
  /** Sockets per host, and so requests in flight. */
  readonly maxSockets: number;
  /** Turns an answer that is not 2xx into an error that says what to do. */
  readonly classifyError: (response: AxiosResponse, body: string) => UpstreamError;
  /** Waits until the tenant's rate limit allows a request. */
  readonly throttle?: (tenant: TenantRef) => Promise<void>;
  /** First wait between attempts, in milliseconds; doubled each time. */
  readonly retryBaseMs?: number;
  /** Counts how often Microsoft throttles. */
  readonly meter?: Meter | undefined;
}

export interface MicrosoftRequest {
  readonly method?: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly data?: unknown;
  readonly responseType?: ResponseType;
}

export interface MicrosoftHttp {
  /**
   * Sends with a token and gives the 2xx answer, retrying what a retry can fix. The body of a stream is closed at the
   * budget's cutoff as well.
   * @param budget without one, {@link defaultBudgetMs}
   * @throws UpstreamError
   */
  send<T>(tenant: TenantRef, request: MicrosoftRequest, budget?: Budget): Promise<AxiosResponse<T>>;
}

/** For calls on behalf of an HTTP request, whose caller is gone after four minutes. */
const defaultBudgetMs = 2 * 60_000;
/** Until the first byte, and between bytes; a busy tenant's content can take half a minute to start. */
const timeoutMs = 90_000;
const maxErrorBodyBytes = 64 * 1024;

export function createMicrosoftHttp(options: MicrosoftHttpOptions): MicrosoftHttp {
  const { maxSockets, tokens, resource } = options;
  const client = axios.create({
    httpsAgent: new Agent({ keepAlive: true, maxSockets, timeout: timeoutMs }),
    timeout: timeoutMs,
    maxRedirects: 0,
    validateStatus: () => true,
    // Node itself would use the environment's proxy settings; a token must not travel through a proxy unnoticed.
    proxy: false,
  });
  async function sendOnce<T>(
    tenant: TenantRef,
    request: MicrosoftRequest,
    budget: Budget,
  ): Promise<AxiosResponse<T>> {
    await options.throttle?.(tenant);
    const token = await tokens.token(tenant, resource, budget);
    const headers = { ...request.headers, Authorization: `Bearer ${token}` };
    const response = await client
      .request<T>({ ...request, headers, signal: budget.cutoff })
      .catch((error: unknown) => {
        throw toNetworkError(error);
      });
    if (response.status >= 200 && response.status < 300) return response;
    const refusal = options.classifyError(response, await bodyText(response.data));
    if (refusal.action === 'renewToken') tokens.renew(tenant, token);
    if (refusal.action === 'pause') countThrottle(options, tenant);
    throw refusal;
  }
  return {
    send: <T>(tenant: TenantRef, request: MicrosoftRequest, budget = startBudget(defaultBudgetMs)) =>
      retryBriefly(() => renewingToken(() => sendOnce<T>(tenant, request, budget)), {
        budget,
        retryBaseMs: options.retryBaseMs,
      }),
  };
}

/** A token that was refused is renewed once. */
async function renewingToken<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.action !== 'renewToken') throw error;
    return await attempt().catch(failIfStillRefused);
  }
}

/** For every call to Microsoft: four attempts. Throttling for longer than a moment is left to the caller. */
export function retryBriefly<T>(
  attempt: () => Promise<T>,
  { budget, retryBaseMs: baseMs = 500 }: RetryLimits,
): Promise<T> {
  const passing = (error: unknown) => (error instanceof UpstreamError && isBrief(error) ? error : undefined);
  return withRetries(attempt, { attempts: 4, baseMs, passing, budget });
}

export interface RetryLimits {
  readonly budget: Budget | undefined;
  /** First wait between attempts, in milliseconds; doubled each time. */
  readonly retryBaseMs: number | undefined;
}

const longestInlineWaitMs = 10_000;

function isBrief({ isTransient, retryAfterMs = 0 }: UpstreamError): boolean {
  return isTransient && retryAfterMs <= longestInlineWaitMs;
}

/** @throws UpstreamError when the data does not match: a proxy's page, or an unknown version */
export function parseAnswer<T extends z.ZodType>(schema: T, data: unknown, api: string): z.output<T> {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new UpstreamError('retry', 'UnexpectedAnswer', `${api} returned an unexpected response.`);
}

/** @throws UpstreamError for a link to another host: the token must not go there */
export function ensureOwnLink(link: string, root: string, api: string): void {
  if (URL.canParse(link) && new URL(link).origin === new URL(root).origin) return;
  throw new UpstreamError(
    'fail',
    'ForeignHost',
    `${api} returned a URL on another host; it was not followed.`,
  );
}

const apis = { activityApi: 'activity', graph: 'graph', exchange: 'exchange' } as const;

/** Counts that Microsoft throttled a request. */
export function countThrottle(
  { meter, resource }: Pick<MicrosoftHttpOptions, 'meter' | 'resource'>,
  { tenantId }: TenantRef,
): void {
  meter?.('auditkeep.throttles', 1, { api: apis[resource], tenantId });
}

/** A new token did not help, so another one would not either. */
function failIfStillRefused(error: unknown): never {
  if (error instanceof UpstreamError && error.action === 'renewToken') {
    throw new UpstreamError('fail', error.code, error.message, { cure: error.cure, cause: error });
  }
  throw error;
}

/** A broken connection, a name that does not resolve, a timeout, the cutoff of a budget: all may pass. */
export function toNetworkError(error: unknown): UpstreamError {
  const code = error instanceof AxiosError || isErrnoException(error) ? (error.code ?? 'Network') : 'Network';
  // The cause would carry the request with its token into logs.
  return code === 'ERR_CANCELED'
    ? new UpstreamError('retry', 'BudgetSpent', 'Microsoft did not answer before the time budget ended.')
    : new UpstreamError('retry', code, `Could not reach Microsoft (${code}).`);
}

function isErrnoException(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}

/** What the header Retry-After requests, in milliseconds. */
export function retryAfterMs(response: AxiosResponse): number | undefined {
  return parseRetryAfter(response.headers['retry-after'], new Date());
}

/** The body of a refusal, cut off where no error message is that long. */
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
    throw toNetworkError(error);
  }
  return Buffer.concat(chunks).toString('utf8').slice(0, maxErrorBodyBytes);
}

function isStream(data: unknown): data is AsyncIterable<Buffer> {
  return typeof data === 'object' && data !== null && Symbol.asyncIterator in data;
}

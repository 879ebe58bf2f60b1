/** HTTP to Microsoft's APIs: kept connections, tokens, patience, and errors told apart. */
import axios, { AxiosError, type AxiosResponse, type ResponseType } from 'axios';
import { Agent } from 'node:https';
import pRetry from 'p-retry';
import type { TenantRef } from '../activity/activity-feed.ts';
import { UpstreamError } from '../errors.ts';
import type { Meter } from '../telemetry.ts';
import type { Resource } from '../tenants/sign-in.ts';
import type { TokenProvider } from './entra/token-provider.ts';

export interface MicrosoftHttpOptions {
  readonly tokens: TokenProvider;
  readonly resource: Resource;
  /** Sockets per host, and so requests in flight. */
  readonly maxSockets: number;
  /** Turns an answer that is not 2xx into an error that says what to do. */
  readonly judge: (response: AxiosResponse, body: string) => UpstreamError;
  /** Waits for a turn before each request. */
  readonly throttle?: (tenant: TenantRef) => Promise<void>;
  /** First wait between attempts, doubled each time. */
  readonly retryBaseMs?: number;
  /** Without it nobody counts how often Microsoft asks to slow down. */
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
  /** Sends with a token and gives the 2xx answer, retrying what a retry can mend. @throws UpstreamError */
  send<T>(tenant: TenantRef, request: MicrosoftRequest): Promise<AxiosResponse<T>>;
}

const attempts = 4;
/** Until the first byte, and between bytes; a busy tenant's content can take half a minute to start. */
const timeoutMs = 90_000;
const maxErrorBodyBytes = 64 * 1024;

export function createMicrosoftHttp(options: MicrosoftHttpOptions): MicrosoftHttp {
  const { maxSockets, tokens, resource, retryBaseMs = 500 } = options;
  const client = axios.create({
    httpsAgent: new Agent({ keepAlive: true, maxSockets, timeout: timeoutMs }),
    timeout: timeoutMs,
    maxRedirects: 0,
    validateStatus: () => true,
    // Node itself would take the environment's proxy settings; a token must not travel there unasked.
    proxy: false,
  });
  async function sendOnce<T>(tenant: TenantRef, request: MicrosoftRequest): Promise<AxiosResponse<T>> {
    await options.throttle?.(tenant);
    const token = await tokens.token(tenant, resource);
    const headers = { ...request.headers, Authorization: `Bearer ${token}` };
    const response = await client.request<T>({ ...request, headers }).catch((error: unknown) => {
      throw toNetworkError(error);
    });
    if (response.status >= 200 && response.status < 300) return response;
    const refusal = options.judge(response, await bodyText(response.data));
    if (refusal.action === 'renewToken') tokens.renew(tenant, token);
    if (refusal.action === 'pause') countThrottle(options, tenant);
    throw refusal;
  }
  async function sendRenewing<T>(tenant: TenantRef, request: MicrosoftRequest): Promise<AxiosResponse<T>> {
    try {
      return await sendOnce<T>(tenant, request);
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.action !== 'renewToken') throw error;
      return await sendOnce<T>(tenant, request).catch(failIfStillRefused);
    }
  }
  return {
    async send<T>(tenant: TenantRef, request: MicrosoftRequest) {
      const retry = () =>
        pRetry(() => sendRenewing<T>(tenant, request), {
          retries: attempts - 2,
          minTimeout: retryBaseMs * 2,
          randomize: true,
          shouldRetry: ({ error }) => error instanceof UpstreamError && mayHelpSoon(error),
          onFailedAttempt: ({ error }) => waitAsAsked(error),
        });
      try {
        return await sendRenewing<T>(tenant, request);
      } catch (error) {
        if (!(error instanceof UpstreamError) || !mayHelpSoon(error)) throw error;
        await pause(error.retryAfterMs ?? retryBaseMs);
        return await retry();
      }
    },
  };
}

const apis = { activityApi: 'activity', graph: 'graph', exchange: 'exchange' } as const;

/** Microsoft asked to slow down. */
export function countThrottle(
  { meter, resource }: Pick<MicrosoftHttpOptions, 'meter' | 'resource'>,
  { tenantId }: TenantRef,
): void {
  meter?.('auditkeep.throttles', 1, { api: apis[resource], tenantId });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Throttling is waited out here for a moment only: the tenant is paused when it goes on. */
function mayHelpSoon(error: UpstreamError): boolean {
  const soon = (error.retryAfterMs ?? 0) <= longestInlineWaitMs;
  return soon && (error.action === 'retry' || error.action === 'pause');
}

const longestInlineWaitMs = 10_000;

async function waitAsAsked(error: unknown): Promise<void> {
  const waitMs = error instanceof UpstreamError && mayHelpSoon(error) ? (error.retryAfterMs ?? 0) : 0;
  if (waitMs > 0) await pause(waitMs);
}

/** A new token did not help: asking for another one would not either. */
function failIfStillRefused(error: unknown): never {
  if (error instanceof UpstreamError && error.action === 'renewToken') {
    throw new UpstreamError('fail', error.code, error.message, { cure: error.cure, cause: error });
  }
  throw error;
}

/** A broken connection, a name that does not resolve, a timeout: all may be gone in a moment. */
export function toNetworkError(error: unknown): UpstreamError {
  const code = error instanceof AxiosError || isErrnoException(error) ? (error.code ?? 'Network') : 'Network';
  // The cause would carry the request with its token into logs.
  return new UpstreamError('retry', code, `Microsoft could not be reached (${code}).`);
}

function isErrnoException(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}

/** Milliseconds asked for by Retry-After, in seconds or as a date. */
export function retryAfterMs(response: AxiosResponse, now: Date = new Date()): number | undefined {
  const value: unknown = response.headers['retry-after'];
  if (typeof value !== 'string' || value === '') return undefined;
  const seconds = Number(value);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - now.getTime();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
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

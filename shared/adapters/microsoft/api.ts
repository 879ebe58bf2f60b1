/** HTTP to Microsoft's APIs: connections kept alive, tokens, retries within a budget, and errors classified. */
import axios, { type AxiosInstance, type AxiosResponse, type ResponseType } from 'axios';
import { Agent } from 'node:https';
import type * as z from 'zod';
import type { TenantRef } from '../../activity/activity-feed.ts';
import { cloudEndpoints } from '../../activity/clouds.ts';
import { startBudget, type Budget } from '../../budget.ts';
import { UpstreamError } from '../../errors.ts';
import type { Meter } from '../../telemetry.ts';
import type { Resource } from '../../tenants/sign-in.ts';
import type { TokenProvider } from '../entra/token-provider.ts';
import { renewingToken, retryBriefly } from './attempts.ts';
import { readPages } from './pages.ts';
import { bodyText, failAsNetworkError, retryAfterMs, type Refusal } from './refusals.ts';

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
  /** What tells pages apart; by default their addresses. */
  readonly keyOf?: (request: MicrosoftRequest) => string;
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

/** As cloudEndpoints, metrics and messages call them. */
const apis = {
  activityApi: { root: 'activityApiUrl', metric: 'activity', name: 'The Activity API' },
  graph: { root: 'graphUrl', metric: 'graph', name: 'Microsoft Graph' },
  exchange: { root: 'exchangeUrl', metric: 'exchange', name: 'Exchange' },
  partnerCenter: { root: 'partnerCenterUrl', metric: 'partnerCenter', name: 'Partner Center' },
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
      pages: ({ schema, first, next, items, keyOf }) =>
        readPages({
          first,
          next,
          keyOf,
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

/** The Office 365 Management Activity API over HTTPS. */
import type { AxiosResponse } from 'axios';
import { LRUCache } from 'lru-cache';
import pThrottle from 'p-throttle';
import * as z from 'zod';
import type { ActivityFeed, ContentBlob, TenantRef } from '../../activity/activity-feed.ts';
import { activityErrorCures, classifyRefusal } from '../../activity/activity-errors.ts';
import { cloudEndpoints } from '../../activity/clouds.ts';
import { contentTypeSchema, type ContentType } from '../../activity/content-types.ts';
import type { Window } from '../../activity/windows.ts';
import type { Budget } from '../../budget.ts';
import { UpstreamError } from '../../errors.ts';
import type { Meter } from '../../telemetry.ts';
import type { TokenProvider } from '../entra/token-provider.ts';
import {
  createMicrosoftHttp,
  ensureOwnLink,
  parseAnswer,
  retryAfterMs,
  toNetworkError,
  type MicrosoftRequest,
} from '../microsoft-http.ts';

export interface ActivityFeedOptions {
  readonly tokens: TokenProvider;
  /** Tenant id of the publisher: requests without it share one small quota with all other publishers. */
  readonly publisherId: string;
  /** Instead of the cloud's own root. */
  readonly activityApiUrl: string | undefined;
  /** Microsoft's baseline is 2,000 a minute and tenant. */
  readonly requestsPerMinute: number;
  readonly maxSockets: number;
  readonly retryBaseMs?: number;
  readonly meter?: Meter | undefined;
}

/** The API for one tenant, within one budget. */
interface TenantApi {
  readonly tenantId: string;
  readonly publisherId: string;
  /** Without a slash at its end. */
  readonly root: string;
  readonly send: <T>(request: MicrosoftRequest) => Promise<AxiosResponse<T>>;
}

const apiName = 'The Activity API';
/** The longest silence within a body before the transfer counts as broken. */
const idleMs = 60_000;

export function createActivityFeed(options: ActivityFeedOptions): ActivityFeed {
  const throttle = createRateLimits(options);
  const http = createMicrosoftHttp({ ...options, resource: 'activityApi', classifyError, throttle });
  const apiOf = (tenant: TenantRef, budget: Budget | undefined): TenantApi => ({
    tenantId: tenant.tenantId,
    publisherId: options.publisherId,
    root: options.activityApiUrl ?? cloudEndpoints[tenant.cloud].activityApiUrl,
    send: (request) => http.send(tenant, request, budget),
  });
  const recentlyStarted = new LRUCache<string, true>({ max: 10_000, ttl: startIntervalMs });
  return {
    async startSubscription(tenant, contentType, budget) {
      const subscription = `${tenant.tenantId}/${contentType}`;
      if (recentlyStarted.has(subscription)) return;
      await startSubscription(apiOf(tenant, budget), contentType);
      recentlyStarted.set(subscription, true);
    },
    async stopSubscription(tenant, contentType, budget) {
      recentlyStarted.delete(`${tenant.tenantId}/${contentType}`);
      await stopSubscription(apiOf(tenant, budget), contentType);
    },
    listSubscriptions: (tenant, budget) => listSubscriptions(apiOf(tenant, budget)),
    listContent: (tenant, contentType, window, budget) =>
      listContent(apiOf(tenant, budget), contentType, window),
    fetchContent: (tenant, contentUri, budget) => fetchContent(apiOf(tenant, budget), contentUri),
  };
}

/** Microsoft wants this long between requests to start the same subscription. */
const startIntervalMs = 15 * 60_000;

async function startSubscription(api: TenantApi, contentType: ContentType): Promise<void> {
  try {
    await api.send({ method: 'POST', url: operationUrl(api, 'subscriptions/start', { contentType }) });
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.action !== 'done') throw error;
  }
}

async function stopSubscription(api: TenantApi, contentType: ContentType): Promise<void> {
  try {
    await api.send({ method: 'POST', url: operationUrl(api, 'subscriptions/stop', { contentType }) });
  } catch (error) {
    const isStopped = error instanceof UpstreamError && error.action === 'startSubscription';
    if (!isStopped) throw error;
  }
}

const subscriptionList = z.array(z.object({ contentType: z.string(), status: z.string().optional() }));

async function listSubscriptions(api: TenantApi) {
  const { data } = await api.send<unknown>({ url: operationUrl(api, 'subscriptions/list', {}) });
  const subscriptions = parseAnswer(subscriptionList, data, apiName);
  // Microsoft's own sample has an item without a status: it is listed, so it was started.
  return subscriptions.map(({ contentType, status = 'enabled' }) => ({
    contentType,
    enabled: status === 'enabled',
  }));
}

const contentList = z.array(
  z.object({
    contentType: contentTypeSchema,
    contentId: z.string().min(1),
    contentUri: z.url(),
    contentCreated: z.iso.datetime({ offset: true, local: true }),
    contentExpiration: z.iso.datetime({ offset: true, local: true }),
  }),
);

async function* listContent(
  api: TenantApi,
  contentType: ContentType,
  window: Window,
): AsyncGenerator<readonly ContentBlob[]> {
  const times = { startTime: feedTime(window.start), endTime: feedTime(window.end) };
  let url: string | undefined = operationUrl(api, 'subscriptions/content', { contentType, ...times });
  while (url !== undefined) {
    const response: AxiosResponse<unknown> = await api.send<unknown>({ url });
    yield parseAnswer(contentList, response.data, apiName).map((item) => ({
      ...item,
      contentCreated: utcDate(item.contentCreated),
      contentExpiration: utcDate(item.contentExpiration),
    }));
    url = nextPage(api, response);
  }
}

/** A page may be empty and still have a next one: only the missing header ends a listing. */
function nextPage(api: TenantApi, response: AxiosResponse): string | undefined {
  // axios lower-cases header names, so their case on the wire does not matter.
  const value: unknown = response.headers['nextpageuri'] ?? response.headers['nextpageurl'];
  const next = typeof value === 'string' ? value.trim() : '';
  return next === '' ? undefined : ownUrl(api, next);
}

async function fetchContent(api: TenantApi, contentUri: string): Promise<AsyncIterable<Buffer>> {
  const { data } = await api.send<BodyStream>({ url: ownUrl(api, contentUri), responseType: 'stream' });
  return readBody(data);
}

type BodyStream = NodeJS.ReadableStream & { destroy(error?: Error): void };

async function* readBody(stream: BodyStream): AsyncGenerator<Buffer> {
  const giveUp = () => {
    stream.destroy(
      new UpstreamError('retry', 'Idle', `The content blob's body stopped for ${idleMs / 1000} s.`),
    );
  };
  let idle = setTimeout(giveUp, idleMs);
  try {
    for await (const chunk of stream) {
      // While the reader processes a chunk, silence is not the sender's fault.
      clearTimeout(idle);
      yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      idle = setTimeout(giveUp, idleMs);
    }
  } catch (error) {
    throw error instanceof UpstreamError ? error : toNetworkError(error);
  } finally {
    clearTimeout(idle);
    stream.destroy();
  }
}

function operationUrl(
  { root, tenantId, publisherId }: TenantApi,
  operation: string,
  parameters: Record<string, string>,
): string {
  const query = new URLSearchParams({ ...parameters, PublisherIdentifier: publisherId });
  return `${root}/api/v1.0/${tenantId}/activity/feed/${operation}?${query.toString()}`;
}

/**
 * A URL that the feed returned, with our PublisherIdentifier.
 * @throws UpstreamError when it is on another host: the token must not go there
 */
function ownUrl(api: TenantApi, address: string): string {
  ensureOwnLink(address, api.root, apiName);
  if (/[?&]publisheridentifier=/i.test(address)) return address;
  // Appended as text: contentIds contain `$`, which must stay as it is.
  return `${address}${new URL(address).search === '' ? '?' : '&'}PublisherIdentifier=${api.publisherId}`;
}

function classifyError(response: AxiosResponse, body: string): UpstreamError {
  const { status } = response;
  const refusal = { status, ...parseRefusal(body) };
  const { action, code } = classifyRefusal(refusal);
  const cure = activityErrorCures[code];
  const message = cure ?? `The Activity API answered ${status} ${code}.`;
  return new UpstreamError(action, code, message, { retryAfterMs: retryAfterMs(response), cure });
}

const refusalBody = z.object({ error: z.object({ code: z.string(), message: z.string().default('') }) });

function parseRefusal(body: string): { code: string | undefined; message: string } {
  try {
    const { error } = refusalBody.parse(JSON.parse(body));
    return error;
  } catch {
    // The page of a proxy, or an empty body: the status alone decides.
    return { code: undefined, message: '' };
  }
}

/** UTC to the second and without zone, the format the reference documents. */
function feedTime(date: Date): string {
  return date.toISOString().slice(0, 19);
}

function utcDate(text: string): Date {
  return new Date(/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`);
}

/** Limits the requests a minute of each tenant in this process. */
function createRateLimits({ requestsPerMinute: limit }: ActivityFeedOptions) {
  const limits = new Map<string, () => Promise<void>>();
  return ({ tenantId }: TenantRef): Promise<void> => {
    const take = limits.get(tenantId) ?? pThrottle({ limit, interval: 60_000 })(() => Promise.resolve());
    limits.set(tenantId, take);
    return take();
  };
}

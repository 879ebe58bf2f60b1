/** The Office 365 Management Activity API over HTTPS. */
import { LRUCache } from 'lru-cache';
import pThrottle from 'p-throttle';
import * as z from 'zod';
import type { ActivityFeed, ContentBlob, TenantRef } from '../../activity/activity-feed.ts';
import { activityErrorCures, classifyRefusal } from '../../activity/activity-errors.ts';
import { contentTypeSchema, type ContentType } from '../../activity/content-types.ts';
import type { Window } from '../../activity/windows.ts';
import type { Budget } from '../../budget.ts';
import { onRefusal, UpstreamError, type UpstreamAction } from '../../errors.ts';
import {
  createMicrosoftApi,
  parseRefusal,
  toNetworkError,
  type Answer,
  type MicrosoftApi,
  type MicrosoftConnection,
  type MicrosoftRequest,
  type Refusal,
} from '../microsoft-http.ts';

export interface ActivityFeedOptions extends MicrosoftConnection {
  /** Tenant id of the publisher: requests without it share one small quota with all other publishers. */
  readonly publisherId: string;
  /** Instead of the cloud's own root. */
  readonly activityApiUrl: string | undefined;
  /** Microsoft's baseline is 2,000 a minute and tenant. */
  readonly requestsPerMinute: number;
  readonly maxSockets: number;
}

interface TenantApi extends MicrosoftApi {
  readonly publisherId: string;
}

/** A content blob takes some 400 bytes of a listing. */
const maxAnswerBytes = 8 * 1024 * 1024;

/** The longest silence within a body before the transfer counts as broken. */
const idleMs = 60_000;

export function createActivityFeed(options: ActivityFeedOptions): ActivityFeed {
  const { publisherId, activityApiUrl, requestsPerMinute, ...connection } = options;
  const open = createMicrosoftApi({
    ...connection,
    resource: 'activityApi',
    rootUrl: activityApiUrl,
    throttle: createRateLimits(requestsPerMinute),
    ...{ classifyError, maxAnswerBytes },
  });
  const apiOf = (tenant: TenantRef, budget: Budget | undefined): TenantApi => {
    return { ...open(tenant, budget), publisherId };
  };
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
  await post(api, 'subscriptions/start', contentType, 'done');
}

async function stopSubscription(api: TenantApi, contentType: ContentType): Promise<void> {
  await post(api, 'subscriptions/stop', contentType, 'startSubscription');
}

/** @param success the refusal that means that there is nothing to do */
async function post(
  api: TenantApi,
  operation: string,
  contentType: ContentType,
  success: UpstreamAction,
): Promise<void> {
  const url = operationUrl(api, operation, { contentType });
  const unlessDone = onRefusal((refusal) => {
    if (refusal.action !== success) throw refusal;
  });
  await api.send({ method: 'POST', url }).catch(unlessDone);
}

const subscriptionList = z.array(z.object({ contentType: z.string(), status: z.string().optional() }));

async function listSubscriptions(api: TenantApi) {
  const { data } = await api.read(subscriptionList, { url: operationUrl(api, 'subscriptions/list', {}) });
  // Microsoft's own sample has an item without a status: it is listed, so it was started.
  return data.map(({ contentType, status = 'enabled' }) => ({ contentType, enabled: status === 'enabled' }));
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
  const url = operationUrl(api, 'subscriptions/content', { contentType, ...times });
  const list = {
    ...{ schema: contentList, first: { url } },
    next: ({ headers }: Answer<unknown>) => nextPage(api, headers),
    items: (page: readonly unknown[]) => page,
  };
  for await (const { data } of api.pages(list)) {
    yield data.map((item) => ({
      ...item,
      contentCreated: utcDate(item.contentCreated),
      contentExpiration: utcDate(item.contentExpiration),
    }));
  }
}

/** A page may be empty and still have a next one: only the missing header ends a listing. */
function nextPage(api: TenantApi, headers: Readonly<Record<string, unknown>>): MicrosoftRequest | undefined {
  // axios lower-cases header names, so their case on the wire does not matter.
  const value = headers['nextpageuri'] ?? headers['nextpageurl'];
  const next = typeof value === 'string' ? value.trim() : '';
  return next === '' ? undefined : { url: ownUrl(api, next) };
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
  { root, tenant, publisherId }: TenantApi,
  operation: string,
  parameters: Record<string, string>,
): string {
  const query = new URLSearchParams({ ...parameters, PublisherIdentifier: publisherId });
  return `${root}/api/v1.0/${tenant.tenantId}/activity/feed/${operation}?${query.toString()}`;
}

/**
 * A URL that the feed returned, with our PublisherIdentifier.
 * @throws UpstreamError when it is on another host: the token must not go there
 */
function ownUrl(api: TenantApi, address: string): string {
  api.ensureOwnLink(address);
  if (/[?&]publisheridentifier=/i.test(address)) return address;
  // Appended as text: contentIds contain `$`, which must stay as it is.
  return `${address}${new URL(address).search === '' ? '?' : '&'}PublisherIdentifier=${api.publisherId}`;
}

const refusalBody = z.object({ error: z.object({ code: z.string(), message: z.string().default('') }) });

function classifyError({ status, body, retryAfterMs }: Refusal): UpstreamError {
  const { code: given, message: text = '' } = parseRefusal(refusalBody, body)?.error ?? {};
  const { action, code } = classifyRefusal({ status, code: given, message: text });
  const cure = activityErrorCures[code];
  const message = cure ?? `The Activity API answered ${status} ${code}.`;
  return new UpstreamError(action, code, message, { retryAfterMs, cure });
}

/** UTC to the second and without zone, the format the reference documents. */
function feedTime(date: Date): string {
  return date.toISOString().slice(0, 19);
}

function utcDate(text: string): Date {
  return new Date(/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`);
}

/** Limits the requests a minute of each tenant in this process. */
function createRateLimits(limit: number) {
  const limits = new Map<string, () => Promise<void>>();
  return ({ tenantId }: TenantRef): Promise<void> => {
    const take = limits.get(tenantId) ?? pThrottle({ limit, interval: 60_000 })(() => Promise.resolve());
    limits.set(tenantId, take);
    return take();
  };
}

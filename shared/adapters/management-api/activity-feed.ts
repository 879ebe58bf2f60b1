/** The Office 365 Management Activity API over HTTPS. */
import { LRUCache } from 'lru-cache';
import * as z from 'zod';
import type {
  ActivityFeed,
  ContentPage,
  FetchedContent,
  StartedWebhook,
  TenantRef,
} from '../../activity/activity-feed.ts';
import { activityErrorCures, classifyRefusal } from '../../activity/activity-errors.ts';
import type { ContentType } from '../../activity/content-types.ts';
import type { FeedWebhooks } from '../../activity/feed-webhook.ts';
import type { Window } from '../../activity/windows.ts';
import type { Budget } from '../../budget.ts';
import { UpstreamError } from '../../errors.ts';
import {
  createMicrosoftApi,
  type Answer,
  type MicrosoftConnection,
  type MicrosoftRequest,
} from '../microsoft/api.ts';
import { parseRefusal, toNetworkError, type Refusal } from '../microsoft/refusals.ts';
import { readItem } from './content-items.ts';
import { createRateLimit } from './rate-limit.ts';
import { listSubscriptions, setWebhook, startSubscription, stopSubscription } from './subscriptions.ts';
import { operationUrl, type TenantApi } from './tenant-api.ts';

export interface ActivityFeedOptions extends MicrosoftConnection {
  /** Tenant id of the publisher: requests without it share one small quota with all other publishers. */
  readonly publisherId: string;
  /** Instead of the cloud's own root. */
  readonly activityApiUrl: string | undefined;
  /** Microsoft's baseline is 2,000 a minute and tenant. */
  readonly requestsPerMinute: number;
  readonly maxSockets: number;
  /** What subscriptions shall have. @default none */
  readonly feedWebhooks?: Pick<FeedWebhooks, 'of'>;
  /** How long a body that delivers too little may make its reader wait, in milliseconds. @default 60,000 */
  readonly bodyPatienceMs?: number;
}

/** A content blob takes some 400 bytes of a listing. */
const maxAnswerBytes = 8 * 1024 * 1024;

/** A body may make its reader wait this long in all, and regains what it used by arriving at the slowest rate or faster. */
const defaultPatienceMs = 60_000;
const slowestBytesPerMs = 1;

export function createActivityFeed(options: ActivityFeedOptions): ActivityFeed {
  const { publisherId, activityApiUrl, requestsPerMinute, bodyPatienceMs, feedWebhooks, ...connection } =
    options;
  const open = createMicrosoftApi({
    ...connection,
    resource: 'activityApi',
    rootUrl: activityApiUrl,
    throttle: createRateLimits(requestsPerMinute),
    classifyError,
    maxAnswerBytes,
  });
  const apiOf = (tenant: TenantRef, budget: Budget | undefined): TenantApi => {
    return { ...open(tenant, budget), publisherId };
  };
  const recentlyStarted = new LRUCache<string, StartedWebhook>({ max: 10_000, ttl: startIntervalMs });
  const webhookOf = ({ tenantId }: TenantRef) => feedWebhooks?.of(tenantId);
  const startOnce = async (subscription: string, start: () => Promise<StartedWebhook>) => {
    const started = recentlyStarted.get(subscription) ?? (await start());
    if (!recentlyStarted.has(subscription)) recentlyStarted.set(subscription, started);
    return started;
  };
  return {
    startSubscription: (tenant, contentType, budget) =>
      startOnce(`${tenant.tenantId}/${contentType}`, () =>
        startSubscription(apiOf(tenant, budget), contentType, webhookOf(tenant)),
      ),
    async renewWebhook(tenant, contentType, budget) {
      const webhook = webhookOf(tenant);
      await startOnce(`${tenant.tenantId}/${contentType}`, () =>
        setWebhook(apiOf(tenant, budget), contentType, webhook),
      );
    },
    async stopSubscription(tenant, contentType, budget) {
      recentlyStarted.delete(`${tenant.tenantId}/${contentType}`);
      await stopSubscription(apiOf(tenant, budget), contentType);
    },
    listSubscriptions: (tenant, budget) => listSubscriptions(apiOf(tenant, budget), webhookOf(tenant)),
    listContent: (tenant, contentType, window, budget) =>
      listContent(apiOf(tenant, budget), contentType, window),
    fetchContent: (tenant, contentUri, budget) =>
      fetchContent(apiOf(tenant, budget), contentUri, bodyPatienceMs),
  };
}

/** Microsoft wants this long between requests to start the same subscription. */
const startIntervalMs = 15 * 60_000;

const contentList = z.array(z.unknown());

async function* listContent(
  api: TenantApi,
  contentType: ContentType,
  window: Window,
): AsyncGenerator<ContentPage> {
  const times = { startTime: feedTime(window.start), endTime: feedTime(window.end) };
  const url = operationUrl(api, 'subscriptions/content', { contentType, ...times });
  const list = {
    schema: contentList,
    first: { url },
    next: ({ headers }: Answer<unknown>) => nextPage(api, headers),
    items: (page: readonly unknown[]) => page,
  };
  const listed = { contentType, window, isOwn: (address: string) => isOwnUrl(api, address) };
  for await (const { data, headers } of api.pages(list)) {
    const items = data.map((item) => readItem(item, listed));
    yield {
      contents: items.flatMap((item) => (item.kind === 'content' ? [item.content] : [])),
      unusable: items.flatMap((item) => (item.kind === 'unusable' ? [item.item] : [])),
      answeredAt: answerTime(headers),
    };
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc9110#field.date */
function answerTime(headers: Readonly<Record<string, unknown>>): Date | undefined {
  const time = Date.parse(String(headers['date']));
  return Number.isNaN(time) ? undefined : new Date(time);
}

/** A page may be empty and still have a next one: only the missing header ends a listing. */
function nextPage(api: TenantApi, headers: Readonly<Record<string, unknown>>): MicrosoftRequest | undefined {
  // axios lower-cases header names, so their case on the wire does not matter.
  const value = headers['nextpageuri'] ?? headers['nextpageurl'];
  const next = typeof value === 'string' ? value.trim() : '';
  return next === '' ? undefined : { url: ownUrl(api, next) };
}

async function fetchContent(
  api: TenantApi,
  contentUri: string,
  patienceMs: number | undefined,
): Promise<FetchedContent> {
  const request = { url: ownUrl(api, contentUri), responseType: 'stream' } as const;
  const { data, headers } = await api.send<BodyStream>(request);
  const discard = () => {
    data.destroy();
  };
  return { answeredAt: answerTime(headers), body: readBody(data, patienceMs), discard };
}

type BodyStream = NodeJS.ReadableStream & { destroy(error?: Error): void };

/** A body that trickles holds up everything that waits for it, as one that stops does. */
async function* readBody(stream: BodyStream, patienceMs = defaultPatienceMs): AsyncGenerator<Buffer> {
  const giveUp = () => {
    const message = `The body of a content blob stopped, or trickled, for ${patienceMs / 1000} s.`;
    stream.destroy(new UpstreamError('retry', 'Idle', message));
  };
  let leftMs = patienceMs;
  let timer = setTimeout(giveUp, leftMs);
  let waitsSince = performance.now();
  try {
    for await (const chunk of stream) {
      // While the reader processes a chunk, silence is not the sender's fault.
      clearTimeout(timer);
      const waitedMs = performance.now() - waitsSince;
      leftMs = Math.min(patienceMs, leftMs - waitedMs + chunk.length / slowestBytesPerMs);
      yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      waitsSince = performance.now();
      timer = setTimeout(giveUp, leftMs);
    }
  } catch (error) {
    throw error instanceof UpstreamError ? error : toNetworkError(error);
  } finally {
    clearTimeout(timer);
    stream.destroy();
  }
}

/**
 * A URL that the feed returned, with our PublisherIdentifier.
 * @throws UpstreamError when it is not of this tenant's feed: the token must not go there
 */
function ownUrl(api: TenantApi, address: string): string {
  api.ensureOwnLink(address);
  if (!isOwnUrl(api, address)) {
    const message = "The Activity API returned a URL outside the tenant's feed; it was not followed.";
    throw new UpstreamError('fail', 'ForeignTenant', message);
  }
  if (/[?&]publisheridentifier=/i.test(address)) return address;
  // Appended as text: contentIds contain `$`, which must stay as it is.
  return `${address}${new URL(address).search === '' ? '?' : '&'}PublisherIdentifier=${api.publisherId}`;
}

/** Next pages have the version `v1`, everything else `v1.0`. */
const feedPath = /^\/api\/v[\d.]+\/([^/]+)\/activity\/feed\//i;

function isOwnUrl({ root, tenant }: TenantApi, address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { origin, pathname } = new URL(address);
  const tenantId = feedPath.exec(pathname)?.[1] ?? '';
  return origin === new URL(root).origin && tenantId.toLowerCase() === tenant.tenantId.toLowerCase();
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

/** Limits the requests a minute of each tenant in this process. */
function createRateLimits(limit: number) {
  const limits = new Map<string, () => Promise<void>>();
  return ({ tenantId }: TenantRef): Promise<void> => {
    const take = limits.get(tenantId) ?? createRateLimit({ limit, intervalMs: 60_000 });
    limits.set(tenantId, take);
    return take();
  };
}

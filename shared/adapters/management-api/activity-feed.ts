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
import { UpstreamError } from '../../errors.ts';
import type { Meter } from '../../telemetry.ts';
import type { TokenProvider } from '../entra/token-provider.ts';
import { createMicrosoftHttp, retryAfterMs, toNetworkError, type MicrosoftHttp } from '../microsoft-http.ts';

export interface ActivityFeedOptions {
  readonly tokens: TokenProvider;
  /** Tenant id of the publisher: requests without it share one small quota with the world. */
  readonly publisherId: string;
  /** Instead of the cloud's own root. */
  readonly activityApiUrl: string | undefined;
  /** Microsoft's baseline is 2,000 a minute and tenant. */
  readonly requestsPerMinute: number;
  readonly maxSockets: number;
  readonly retryBaseMs?: number;
  readonly meter?: Meter | undefined;
}

interface Api extends ActivityFeedOptions {
  readonly http: MicrosoftHttp;
  /** Subscriptions started lately. */
  readonly started: LRUCache<string, true>;
}

/** The longest silence within a body before the transfer counts as broken. */
const idleMs = 60_000;

export function createActivityFeed(options: ActivityFeedOptions): ActivityFeed {
  const api: Api = {
    ...options,
    http: createMicrosoftHttp({ ...options, resource: 'activityApi', judge, throttle: createTurns(options) }),
    started: new LRUCache({ max: 10_000, ttl: startIntervalMs }),
  };
  return {
    startSubscription: (tenant, contentType) => startSubscription(api, tenant, contentType),
    stopSubscription: (tenant, contentType) => stopSubscription(api, tenant, contentType),
    listSubscriptions: (tenant) => listSubscriptions(api, tenant),
    listContent: (tenant, contentType, window) => listContent(api, tenant, { contentType, window }),
    fetchContent: (tenant, contentUri) => fetchContent(api, tenant, contentUri),
  };
}

/** Microsoft wants this long between requests to start the same subscription. */
const startIntervalMs = 15 * 60_000;

async function startSubscription(api: Api, tenant: TenantRef, contentType: ContentType): Promise<void> {
  const subscription = `${tenant.tenantId}/${contentType}`;
  if (api.started.has(subscription)) return;
  const url = operationUrl(api, tenant, 'subscriptions/start', { contentType });
  try {
    await api.http.send(tenant, { method: 'POST', url });
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.action !== 'done') throw error;
  }
  api.started.set(subscription, true);
}

async function stopSubscription(api: Api, tenant: TenantRef, contentType: ContentType): Promise<void> {
  const url = operationUrl(api, tenant, 'subscriptions/stop', { contentType });
  api.started.delete(`${tenant.tenantId}/${contentType}`);
  try {
    await api.http.send(tenant, { method: 'POST', url });
  } catch (error) {
    const wasNone = error instanceof UpstreamError && error.action === 'startSubscription';
    if (!wasNone) throw error;
  }
}

const subscriptionList = z.array(z.object({ contentType: z.string(), status: z.string().optional() }));

async function listSubscriptions(api: Api, tenant: TenantRef) {
  const { data } = await api.http.send<unknown>(tenant, {
    url: operationUrl(api, tenant, 'subscriptions/list', {}),
  });
  const subscriptions = parseAnswer(subscriptionList, data);
  // An item without a status was seen in Microsoft's own sample: it is listed, so it was started.
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
  api: Api,
  tenant: TenantRef,
  { contentType, window }: { contentType: ContentType; window: Window },
): AsyncGenerator<readonly ContentBlob[]> {
  const times = { startTime: feedTime(window.start), endTime: feedTime(window.end) };
  let url: string | undefined = operationUrl(api, tenant, 'subscriptions/content', { contentType, ...times });
  while (url !== undefined) {
    const response: AxiosResponse<unknown> = await api.http.send<unknown>(tenant, { url });
    yield parseAnswer(contentList, response.data).map((item) => ({
      ...item,
      contentCreated: utcDate(item.contentCreated),
      contentExpiration: utcDate(item.contentExpiration),
    }));
    url = nextPage(api, tenant, response);
  }
}

/** A page may be empty and still have a next one: only the missing header ends a listing. */
function nextPage(api: Api, tenant: TenantRef, response: AxiosResponse): string | undefined {
  // axios lower-cases header names, so their case on the wire does not matter.
  const value: unknown = response.headers['nextpageuri'] ?? response.headers['nextpageurl'];
  const next = typeof value === 'string' ? value.trim() : '';
  return next === '' ? undefined : ownUrl(api, tenant, next);
}

async function fetchContent(api: Api, tenant: TenantRef, contentUri: string): Promise<AsyncIterable<Buffer>> {
  const request = { url: ownUrl(api, tenant, contentUri), responseType: 'stream' } as const;
  const { data } = await api.http.send<BodyStream>(tenant, request);
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
      // While the reader is busy with what it has, the sender is not to blame for the silence.
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
  api: Api,
  tenant: TenantRef,
  operation: string,
  parameters: Record<string, string>,
): string {
  const query = new URLSearchParams({ ...parameters, PublisherIdentifier: api.publisherId });
  return `${rootOf(api, tenant)}/api/v1.0/${tenant.tenantId}/activity/feed/${operation}?${query.toString()}`;
}

function rootOf(api: Api, tenant: TenantRef): string {
  return api.activityApiUrl ?? cloudEndpoints[tenant.cloud].activityApiUrl;
}

/**
 * An address that Microsoft gave, with our PublisherIdentifier.
 * @throws UpstreamError when it leads elsewhere: the token must not go there
 */
function ownUrl(api: Api, tenant: TenantRef, address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.origin !== new URL(rootOf(api, tenant)).origin) {
    throw new UpstreamError(
      'fail',
      'ForeignHost',
      'The feed named an address that is not its own; it was not followed.',
    );
  }
  if (/[?&]publisheridentifier=/i.test(address)) return address;
  // Appended as text: contentIds contain `$`, which must stay as it is.
  return `${address}${url.search === '' ? '?' : '&'}PublisherIdentifier=${api.publisherId}`;
}

function judge(response: AxiosResponse, body: string): UpstreamError {
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
    // A proxy's page or nothing at all: the status alone decides.
    return { code: undefined, message: '' };
  }
}

function parseAnswer<T extends z.ZodType>(schema: T, data: unknown): z.output<T> {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  throw new UpstreamError(
    'retry',
    'UnexpectedAnswer',
    'The Activity API answered with something that is not its own.',
  );
}

/** UTC to the second and without zone, the format the reference documents. */
function feedTime(date: Date): string {
  return date.toISOString().slice(0, 19);
}

function utcDate(text: string): Date {
  return new Date(/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`);
}

/** At most so many requests a minute for each tenant, whoever in this process sends them. */
function createTurns({ requestsPerMinute }: ActivityFeedOptions): (tenant: TenantRef) => Promise<void> {
  const turns = new Map<string, () => Promise<void>>();
  const newTurn = () => pThrottle({ limit: requestsPerMinute, interval: 60_000 })(() => Promise.resolve());
  return ({ tenantId }) => {
    const turn = turns.get(tenantId) ?? newTurn();
    turns.set(tenantId, turn);
    return turn();
  };
}

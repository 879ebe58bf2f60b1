/** Subscriptions of the feed, and their webhooks. */
import * as z from 'zod';
import type { StartedWebhook, Subscription } from '../../activity/activity-feed.ts';
import type { ContentType } from '../../activity/content-types.ts';
import { stateOfWebhook, type FeedWebhook, type ListedWebhook } from '../../activity/feed-webhook.ts';
import { onRefusal, type UpstreamAction, type UpstreamError } from '../../errors.ts';
import { operationUrl, type TenantApi } from './tenant-api.ts';

/** Collection comes first: when Microsoft refuses the webhook, nothing is started, so it is started without one. */
export async function startSubscription(
  api: TenantApi,
  contentType: ContentType,
  webhook: FeedWebhook | undefined,
): Promise<StartedWebhook> {
  const startWithout = onRefusal(async (refusal) => {
    if (webhook === undefined || !mayBeWebhook(refusal)) throw refusal;
    await setWebhook(api, contentType, undefined);
    return refusal;
  });
  return await setWebhook(api, contentType, webhook).catch(startWithout);
}

/** Its own code; or an error on Microsoft's side while it called the address. */
function mayBeWebhook({ code, action }: UpstreamError): boolean {
  return code === 'AF20021' || action === 'retry';
}

/** Of a subscription, which it starts unless it is running. */
export async function setWebhook(
  api: TenantApi,
  contentType: ContentType,
  webhook: FeedWebhook | undefined,
): Promise<'none' | 'current'> {
  const data = webhook === undefined ? undefined : { webhook: { ...webhook, expiration: '' } };
  await post(api, { operation: 'subscriptions/start', contentType, success: 'done', data });
  return webhook === undefined ? 'none' : 'current';
}

export async function stopSubscription(api: TenantApi, contentType: ContentType): Promise<void> {
  await post(api, { operation: 'subscriptions/stop', contentType, success: 'startSubscription' });
}

interface Change {
  readonly operation: string;
  readonly contentType: ContentType;
  /** The refusal that means that there is nothing to do. */
  readonly success: UpstreamAction;
  readonly data?: unknown;
}

async function post(api: TenantApi, { operation, contentType, success, data }: Change): Promise<void> {
  const url = operationUrl(api, operation, { contentType });
  const unlessDone = onRefusal((refusal) => {
    if (refusal.action !== success) throw refusal;
  });
  await api.send({ method: 'POST', url, data }).catch(unlessDone);
}

const webhookItem = z.object({
  status: z.string().nullish().catch(null),
  address: z.string(),
  authId: z.string().nullish().catch(null),
});
const subscriptionItem = z.object({
  contentType: z.string(),
  status: z.string().nullish().catch(null),
  webhook: webhookItem.optional().catch(undefined),
});
const subscriptionList = z.array(subscriptionItem.optional().catch(undefined));

export async function listSubscriptions(
  api: TenantApi,
  wanted: FeedWebhook | undefined,
): Promise<readonly Subscription[]> {
  const { data } = await api.read(subscriptionList, { url: operationUrl(api, 'subscriptions/list', {}) });
  // Microsoft's own sample has an item without a status: it is listed, so it was started.
  return data.flatMap((item) => {
    if (item === undefined) return [];
    const { contentType, status, webhook } = item;
    const listed = webhook && listedWebhook(webhook);
    const enabled = (status ?? 'enabled') === 'enabled';
    return [{ contentType, enabled, webhook: stateOfWebhook(listed, wanted) }];
  });
}

function listedWebhook({ status, address, authId }: z.output<typeof webhookItem>): ListedWebhook {
  return { status: status ?? 'enabled', address, authId: authId ?? undefined };
}

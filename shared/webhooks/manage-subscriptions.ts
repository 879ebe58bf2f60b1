/** Creates, tests and deletes webhook subscriptions, and rotates their secrets. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { isFromEntra } from '../access/capability-token.ts';
import type { Caller } from '../access/caller.ts';
import { invalidParameter, RequestError } from '../errors.ts';
import { retryConflict } from '../retry.ts';
import { arrivalsEnd, type ArrivalSequence } from '../feed/arrival-sequence.ts';
import { feedEnd, type LandingSequence } from '../feed/landing-sequence.ts';
import { touchSearch } from '../searches/change-search.ts';
import { parseSearchFilters } from '../searches/search-query.ts';
import { findSearch, searchFiltersSchema, type SearchStore } from '../searches/search.ts';
import { setsKnownMs } from './notify-subscriptions.ts';
import { testMessage } from './payload.ts';
import { isDelivered, resultOf, sendTo, type SendDeps } from './send-webhook.ts';
import { openTarget, overlapMs, sealTarget, subscriptionSecret } from './webhook-secrets.ts';
import {
  contentSchema,
  deliveryOf,
  findSubscription,
  type DeliveryPosition,
  type DeliveryQueue,
  type NamedSubscription,
  type StoredSubscription,
  type SubscriptionChanges,
  type SubscriptionStore,
  type WebhookSubscription,
} from './webhook-subscription.ts';

/** The body of a POST. */
export const subscriptionBodySchema = z.strictObject({
  targetUrl: z.string().min(1).meta({ description: 'Public https address that records are sent to.' }),
  filters: searchFiltersSchema.optional(),
  search: z
    .string()
    .optional()
    .meta({ title: 'Saved Search', description: 'Name of a saved search, in place of filters.' }),
  content: contentSchema
    .default('ids')
    .meta({ description: 'Whether IDs and addresses are sent, or records as lists show them.' }),
});

export interface SubscriptionDeps extends SendDeps {
  readonly subscriptions: SubscriptionStore;
  readonly searches: Pick<SearchStore, 'get' | 'put'>;
  readonly landings: Pick<LandingSequence, 'lastSequence'>;
  readonly arrivals: Pick<ArrivalSequence, 'lastArrival'>;
  readonly queues: DeliveryQueue;
}

export interface NewSubscription {
  /** The ID of its tenant; of a subscription to several tenants, see `ownerOf`. */
  readonly owner: string;
  /** The set of tenants that the caller may read, for a subscription to several tenants. */
  readonly boundTo?: string | undefined;
  readonly caller: Caller;
  /** Public URL of the app; ends with a slash. */
  readonly baseUrl: string;
  /** With the set of tenants, for a subscription to several that has filters of its own. */
  readonly body: z.output<typeof subscriptionBodySchema> & { readonly tenants?: string | undefined };
}

/** Each landing reads all of them. */
const maxSubscriptions = 50;

/**
 * Delivers what is indexed from now on.
 * @returns the subscription and its secret, which is shown only here
 * @throws RequestError 400, 403 for callers of Entra ID, 404 for an unknown search, 409 when there are too many
 */
export async function createSubscription(
  deps: SubscriptionDeps,
  { owner, boundTo, caller, baseUrl, body }: NewSubscription,
): Promise<{ readonly subscription: WebhookSubscription; readonly secret: string }> {
  // A subscription ends with its creator's permission, but Auditkeep cannot learn when a role in Entra ID ends.
  if (isFromEntra(caller.id)) throw new RequestError(403, 'Forbidden', keyRequired);
  const { targetUrl, content } = body;
  const target = deps.webhookSender.checkTarget(targetUrl);
  const wanted = await wantedOf(deps, owner, body);
  if ((await deps.subscriptions.list(owner)).length >= maxSubscriptions)
    throw new RequestError(409, 'TooManySubscriptions', tooMany);
  const named = { owner, boundTo, subscriptionId: randomUUID() };
  const subscription: WebhookSubscription = {
    ...named,
    createdBy: caller.id,
    createdDateTime: deps.now(),
    baseUrl,
    content,
    wanted,
    generation: 1,
    sealedTarget: sealTarget(deps.signingKeys, named, target),
    position: await endFor(deps, named),
    failures: 0,
  };
  await deps.subscriptions.create(subscription);
  await keepSearch(deps, subscription);
  // A landing may have been indexed since the end of the feed was read.
  await wake(deps.queues, subscription);
  return { subscription, secret: subscriptionSecret(deps.signingKeys, subscription) };
}

async function endFor(
  { landings, arrivals, now }: SubscriptionDeps,
  { owner, boundTo }: Pick<NewSubscription, 'owner' | 'boundTo'>,
): Promise<DeliveryPosition> {
  return boundTo === undefined ? await feedEnd(landings, owner) : await arrivalsEnd(arrivals, now());
}

/** Hosts that do not know yet that it is enabled: what they index meanwhile is found by the second message. */
async function wake(queues: DeliveryQueue, subscription: NamedSubscription): Promise<void> {
  const message = deliveryOf(subscription);
  await queues.requestDelivery(message);
  if (subscription.boundTo !== undefined) await queues.requestDelivery(message, 2 * setsKnownMs);
}

const tooMany = `There can be ${maxSubscriptions} subscriptions. Delete those that are no longer needed.`;
const keyRequired = 'Use a client key to create subscriptions: they end when it is revoked.';

async function wantedOf(
  { searches }: SubscriptionDeps,
  owner: string,
  { filters, search, tenants }: NewSubscription['body'],
): Promise<WebhookSubscription['wanted']> {
  if (search !== undefined && filters !== undefined) {
    const message = "'filters' cannot be combined with 'search': a saved search has its own filters.";
    throw invalidParameter('filters', message);
  }
  if (search !== undefined) return { search: (await findSearch(searches, owner, search)).name };
  parseSearchFilters(filters ?? {});
  return { filters: filters ?? {}, tenants };
}

/** A search may be deleted, or get other filters, while it is subscribed to. @throws RequestError 404 if it was deleted */
async function keepSearch(
  { searches, subscriptions }: SubscriptionDeps,
  { owner, subscriptionId, wanted }: WebhookSubscription,
): Promise<void> {
  if (wanted.search === undefined) return;
  try {
    await touchSearch(searches, { owner, name: wanted.search });
  } catch (error) {
    await subscriptions.remove(owner, subscriptionId);
    throw error;
  }
}

/** The outcome of a test. */
export interface TestResult {
  readonly delivered: boolean;
  /** The receiver's status, or why it could not be reached. */
  readonly result: string;
}

/** Sends a test. If it arrives, a disabled subscription is enabled again, at its old position. */
export async function testSubscription(
  deps: SubscriptionDeps,
  stored: StoredSubscription,
): Promise<TestResult> {
  const target = openTarget(deps.signingKeys, stored);
  if (target === undefined) return { delivered: false, result: 'InvalidTarget' };
  const message = testMessage(stored, { id: randomUUID(), now: deps.now() });
  const outcome = await sendTo(deps, stored, { target, message });
  const delivered = isDelivered(outcome);
  if (delivered && (stored.disabled !== undefined || stored.failures > 0)) {
    const enabled = { disabled: undefined, failures: 0, nextAttemptAt: undefined };
    await change(deps.subscriptions, stored, () => enabled);
    await wake(deps.queues, stored);
  }
  return { delivered, result: resultOf(outcome) };
}

/** @returns the new secret, shown only here; the previous secret remains valid until `overlapUntil` */
export async function rotateSecret(
  { subscriptions, signingKeys, now }: SubscriptionDeps,
  stored: StoredSubscription,
): Promise<{ readonly subscription: WebhookSubscription; readonly secret: string }> {
  const overlapUntil = new Date(now().getTime() + overlapMs);
  const generation = stored.generation + 1;
  // Done already if the response to the first attempt was lost: rotating again would end the old secret.
  const next = (current: StoredSubscription) =>
    current.generation >= generation ? {} : { generation, overlapUntil };
  const subscription = await change(subscriptions, stored, next);
  return { subscription, secret: subscriptionSecret(signingKeys, subscription) };
}

/** @throws RequestError 404 when it is deleted concurrently */
async function change(
  subscriptions: SubscriptionStore,
  stored: StoredSubscription,
  changesOf: (current: StoredSubscription) => SubscriptionChanges,
): Promise<StoredSubscription> {
  let current = stored;
  return await retryConflict('subscription', async () => {
    const changed = await subscriptions.update(current, changesOf(current));
    if (changed === undefined)
      current = await findSubscription(subscriptions, stored.owner, stored.subscriptionId);
    return changed;
  });
}

/** Makes, tests, renews and deletes webhook subscriptions. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { isFromEntra } from '../access/capability-token.ts';
import type { Caller } from '../access/caller.ts';
import { invalidParameter, RequestError } from '../errors.ts';
import { feedEnd, type LandingSequence } from '../feed/landing-sequence.ts';
import { parseSearchFilters } from '../searches/search-query.ts';
import { findSearch, searchFiltersSchema, type SearchStore } from '../searches/search.ts';
import { testMessage } from './payload.ts';
import { isDelivered, resultOf, sendTo, type SendDeps } from './send-webhook.ts';
import { openTarget, overlapMs, sealTarget, subscriptionSecret } from './webhook-secrets.ts';
import {
  contents,
  type DeliveryQueue,
  type StoredSubscription,
  type SubscriptionChanges,
  type SubscriptionStore,
  type Wanted,
  type WebhookSubscription,
} from './webhook-subscription.ts';

/** The body of a POST. */
export const subscriptionBodySchema = z.strictObject({
  targetUrl: z.string().min(1).meta({ description: 'Public https address that records are sent to.' }),
  filters: searchFiltersSchema.optional(),
  /** Name of a saved search, instead of filters. */
  search: z
    .string()
    .optional()
    .meta({ title: 'Saved Search', description: 'Name of a saved search, in place of filters.' }),
  content: z
    .enum(contents)
    .default('ids')
    .meta({ description: 'Whether ids and addresses are sent, or records as lists show them.' }),
});

export interface SubscriptionDeps extends SendDeps {
  readonly subscriptions: SubscriptionStore;
  readonly searches: Pick<SearchStore, 'get'>;
  readonly landings: Pick<LandingSequence, 'lastSequence'>;
  readonly queues: DeliveryQueue;
}

export interface NewSubscription {
  readonly tenantId: string;
  readonly caller: Caller;
  /** Where the app is reached; ends with a slash. */
  readonly baseUrl: string;
  readonly body: z.output<typeof subscriptionBodySchema>;
}

/** Each landing looks at all of them. */
const maxSubscriptions = 50;
/** Somebody else is faster so often only where something is wrong. */
const maxAttempts = 10;

/**
 * From now on: what is indexed already is not delivered.
 * @returns the subscription and its secret, which is shown here and never again
 * @throws RequestError 400, 403 for callers of Entra ID, 404 for a search that is not there, 409 when there are too many
 */
export async function createSubscription(
  deps: SubscriptionDeps,
  { tenantId, caller, baseUrl, body }: NewSubscription,
): Promise<{ readonly subscription: WebhookSubscription; readonly secret: string }> {
  if (isFromEntra(caller.id)) throw keyWanted();
  const { targetUrl, content } = body;
  const target = deps.webhookSender.checkTarget(targetUrl);
  const wanted = await wantedOf(deps, tenantId, body);
  if ((await deps.subscriptions.list(tenantId)).length >= maxSubscriptions) throw tooMany();
  const named = { tenantId, subscriptionId: randomUUID() };
  const subscription: WebhookSubscription = {
    ...named,
    ...{ createdBy: caller.id, createdDateTime: deps.now(), baseUrl, content, wanted, generation: 1 },
    sealedTarget: sealTarget(deps.signingKey, named, target),
    position: await feedEnd(deps.landings, tenantId),
    failures: 0,
  };
  await deps.subscriptions.create(subscription);
  // A landing may have been indexed since the end was asked for.
  await deps.queues.requestDelivery({ version: 1, ...named });
  return { subscription, secret: subscriptionSecret(deps.signingKey, subscription) };
}

/** A subscription ends with its creator's right, and of roles in Entra ID nobody tells us that they ended. */
function keyWanted(): RequestError {
  const message = 'Create subscriptions with a client key: they end when it is revoked.';
  return new RequestError(403, 'Forbidden', message);
}

async function wantedOf(
  { searches }: SubscriptionDeps,
  tenantId: string,
  { filters, search }: NewSubscription['body'],
): Promise<Wanted> {
  if (search !== undefined && filters !== undefined) {
    throw invalidParameter('filters', 'filters: a saved search has its own; send search or filters.');
  }
  if (search !== undefined) return { search: (await findSearch(searches, tenantId, search)).name };
  parseSearchFilters(filters ?? {});
  return { filters: filters ?? {} };
}

/** @throws RequestError 403 for who neither made it nor manages tenants */
export function ensureMayChange(caller: Caller, { createdBy }: WebhookSubscription): void {
  if (caller.id === createdBy || caller.scopes.includes('tenants.manage')) return;
  const message = 'Only who made a subscription, or who manages tenants (tenants.manage), may do that.';
  throw new RequestError(403, 'Forbidden', message);
}

/** What came of a test. */
export interface TestResult {
  readonly delivered: boolean;
  /** The receiver's status, or why it could not be reached. */
  readonly result: string;
}

/** Sends a test. One that arrives puts a disabled subscription back to work, where it stood. */
export async function testSubscription(
  deps: SubscriptionDeps,
  stored: StoredSubscription,
): Promise<TestResult> {
  const { tenantId, subscriptionId } = stored;
  const target = openTarget(deps.signingKey, stored);
  if (target === undefined) return { delivered: false, result: 'InvalidTarget' };
  const message = testMessage(stored, { id: randomUUID(), now: deps.now() });
  const outcome = await sendTo(deps, stored, { target, message });
  const delivered = isDelivered(outcome);
  if (delivered && (stored.disabled !== undefined || stored.failures > 0)) {
    await change(deps.subscriptions, stored, () => ({
      disabled: undefined,
      failures: 0,
      nextAttemptAt: undefined,
    }));
    await deps.queues.requestDelivery({ version: 1, tenantId, subscriptionId });
  }
  return { delivered, result: resultOf(outcome) };
}

/** @returns the new secret, which is shown here and never again; the old one signs, too, until then */
export async function rotateSecret(
  { subscriptions, signingKey, now }: SubscriptionDeps,
  stored: StoredSubscription,
): Promise<{ readonly subscription: WebhookSubscription; readonly secret: string }> {
  const overlapUntil = new Date(now().getTime() + overlapMs);
  const generation = stored.generation + 1;
  // Done already where the answer to the first attempt was lost: one more, and the old secret would sign no longer.
  const next = (current: StoredSubscription) =>
    current.generation >= generation ? {} : { generation, overlapUntil };
  const subscription = await change(subscriptions, stored, next);
  return { subscription, secret: subscriptionSecret(signingKey, subscription) };
}

/** @throws RequestError 404 when it is deleted meanwhile */
async function change(
  subscriptions: SubscriptionStore,
  stored: StoredSubscription,
  changesOf: (current: StoredSubscription) => SubscriptionChanges,
): Promise<StoredSubscription> {
  const { tenantId, subscriptionId } = stored;
  let current: StoredSubscription | undefined = stored;
  for (let attempt = 0; current !== undefined && attempt < maxAttempts; attempt++) {
    const changed = await subscriptions.update(current, changesOf(current));
    if (changed !== undefined) return changed;
    current = await subscriptions.get(tenantId, subscriptionId);
  }
  throw new RequestError(404, 'SubscriptionNotFound', 'There is no such subscription.');
}

function tooMany(): RequestError {
  const message = `A tenant may have ${maxSubscriptions} subscriptions. Delete some that are not needed any more.`;
  return new RequestError(409, 'TooManySubscriptions', message);
}

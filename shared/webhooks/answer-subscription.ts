/** Answers about subscriptions: those to a tenant, and those to several that callers share. */
import * as z from 'zod';
import type { Capabilities } from '../access/capability-token.ts';
import type { Caller } from '../access/caller.ts';
import { ensureMayChange } from '../access/maker.ts';
import type { SigningKeys } from '../access/signing-keys.ts';
import { addressOf, type ApiRequest } from '../http/request.ts';
import {
  createSubscription,
  rotateSecret,
  testSubscription,
  type NewSubscription,
  type SubscriptionDeps,
} from './manage-subscriptions.ts';
import { publicSubscription } from './public-subscription.ts';
import { findSubscription, type StoredSubscription, type SubscriptionStore } from './webhook-subscription.ts';

/** Whose subscriptions a call is about. */
export interface SubscriptionSpace {
  /** See WebhookSubscription. */
  readonly owner: string;
  /** With what it may do there. */
  readonly caller: Caller;
}

/** One of them, by the ID in the address. */
export interface NamedByCaller extends SubscriptionSpace {
  readonly subscriptionId: string;
}

export interface ReadSubscriptionDeps {
  readonly subscriptions: SubscriptionStore;
  readonly signingKeys: SigningKeys;
}

export async function listedSubscriptions(
  { subscriptions, signingKeys }: ReadSubscriptionDeps,
  owner: string,
) {
  const all = await subscriptions.list(owner);
  return { value: all.map((each) => publicSubscription(signingKeys, each)) };
}

/** @throws RequestError 404 */
export async function shownSubscription(
  { subscriptions, signingKeys }: ReadSubscriptionDeps,
  { owner, subscriptionId }: Pick<NamedByCaller, 'owner' | 'subscriptionId'>,
) {
  return publicSubscription(signingKeys, await findSubscription(subscriptions, owner, subscriptionId));
}

export interface CreateSubscriptionDeps extends SubscriptionDeps {
  readonly capabilities: Pick<Capabilities, 'grant'>;
  /** Public address of the app; by default the address that the request was sent to. */
  readonly publicUrl: string | undefined;
}

/**
 * @param request.toRoot from the address of subscriptions to that of the app
 * @throws RequestError as {@link createSubscription}
 */
export async function createdSubscription(
  deps: CreateSubscriptionDeps,
  { request, toRoot }: { readonly request: ApiRequest; readonly toRoot: string },
  wanted: Omit<NewSubscription, 'baseUrl'>,
) {
  const { owner, boundTo, caller } = wanted;
  const baseUrl = deps.publicUrl === undefined ? addressOf(request, toRoot) : `${deps.publicUrl}/`;
  const { subscription, secret } = await createSubscription(deps, { ...wanted, baseUrl });
  const { subscriptionId } = subscription;
  const address = new URL(addressOf(request, subscriptionId));
  // Flows unsubscribe without their connection's key: the address itself must suffice.
  const tenantId = boundTo === undefined ? owner : undefined;
  const capability = { purpose: 'deleteSubscription', tenantId, subject: subscriptionId } as const;
  address.searchParams.set('t', deps.capabilities.grant(caller, capability));
  const body = { ...publicSubscription(deps.signingKeys, subscription), secret };
  return { body, headers: { Location: address.href } };
}

/** @throws RequestError 403 for a subscription of someone else */
export async function endSubscription(
  { subscriptions }: Pick<ReadSubscriptionDeps, 'subscriptions'>,
  { owner, caller, ...named }: NamedByCaller,
): Promise<void> {
  const id = z.guid().safeParse(named.subscriptionId).data?.toLowerCase();
  const found = id === undefined ? undefined : await subscriptions.get(owner, id);
  if (found === undefined) return;
  ensureMayChange(caller, found.createdBy, 'subscription');
  await subscriptions.remove(owner, found.subscriptionId);
}

/** @throws RequestError 404, 403 for a subscription of someone else */
export async function testedSubscription(deps: SubscriptionDeps, named: NamedByCaller) {
  return await testSubscription(deps, await findOwn(deps, named));
}

/** @throws RequestError 404, 403 for a subscription of someone else */
export async function rotatedSubscription(deps: SubscriptionDeps, named: NamedByCaller) {
  const { subscription, secret } = await rotateSecret(deps, await findOwn(deps, named));
  return { ...publicSubscription(deps.signingKeys, subscription), secret };
}

async function findOwn(
  { subscriptions }: Pick<SubscriptionDeps, 'subscriptions'>,
  { owner, caller, subscriptionId }: NamedByCaller,
): Promise<StoredSubscription> {
  const found = await findSubscription(subscriptions, owner, subscriptionId);
  ensureMayChange(caller, found.createdBy, 'subscription');
  return found;
}

/** Webhook subscriptions. */
import * as z from 'zod';
import type { Capabilities } from '../../shared/access/capability-token.ts';
import { ensureMayChange } from '../../shared/access/maker.ts';
import type { SigningKeys } from '../../shared/access/signing-keys.ts';
import * as api from '../../shared/api/subscriptions.ts';
import { handler } from '../../shared/http/handler.ts';
import { addressOf } from '../../shared/http/request.ts';
import {
  createSubscription,
  rotateSecret,
  testSubscription,
  type SubscriptionDeps,
} from '../../shared/webhooks/manage-subscriptions.ts';
import { publicSubscription } from '../../shared/webhooks/public-subscription.ts';
import { findSubscription, type SubscriptionStore } from '../../shared/webhooks/webhook-subscription.ts';

interface ReadDeps {
  readonly subscriptions: SubscriptionStore;
  readonly signingKeys: SigningKeys;
}

export const listSubscriptionsHandler = handler(
  api.listSubscriptions,
  async ({ subscriptions, signingKeys }: ReadDeps, { tenant, reply }) => {
    const all = await subscriptions.list(tenant.tenantId);
    return reply(200, { value: all.map((each) => publicSubscription(signingKeys, each)) });
  },
);

export const getSubscriptionHandler = handler(
  api.getSubscription,
  async ({ subscriptions, signingKeys }: ReadDeps, { tenant, path, reply }) => {
    const found = await findSubscription(subscriptions, tenant.tenantId, path.subscriptionId);
    return reply(200, publicSubscription(signingKeys, found));
  },
);

interface CreateDeps extends SubscriptionDeps {
  readonly capabilities: Pick<Capabilities, 'grant'>;
  /** Public address of the app; by default the address that the request was sent to. */
  readonly publicUrl: string | undefined;
}

export const createSubscriptionHandler = handler(
  api.createSubscription,
  async (deps: CreateDeps, { request, caller, tenant, body, reply }) => {
    const { tenantId } = tenant;
    const baseUrl = deps.publicUrl === undefined ? addressOf(request, '../../../') : `${deps.publicUrl}/`;
    const { subscription, secret } = await createSubscription(deps, { tenantId, caller, baseUrl, body });
    const { subscriptionId } = subscription;
    const address = new URL(addressOf(request, subscriptionId));
    // Flows unsubscribe without their connection's key: the address itself must suffice.
    const capability = { purpose: 'deleteSubscription', tenantId, subject: subscriptionId } as const;
    address.searchParams.set('t', deps.capabilities.grant(caller, capability));
    const shown = publicSubscription(deps.signingKeys, subscription);
    return reply(201, { ...shown, secret }, { Location: address.href });
  },
);

export const deleteSubscriptionHandler = handler(
  api.deleteSubscription,
  async ({ subscriptions }: ReadDeps, { caller, tenant, path, reply }) => {
    const { tenantId } = tenant;
    const subscriptionId = z.guid().safeParse(path.subscriptionId).data?.toLowerCase();
    const found =
      subscriptionId === undefined ? undefined : await subscriptions.get(tenantId, subscriptionId);
    if (found === undefined) return reply(204);
    ensureMayChange(caller, found.createdBy, 'subscription');
    await subscriptions.remove(tenantId, found.subscriptionId);
    return reply(204);
  },
);

export const testSubscriptionHandler = handler(
  api.testSubscription,
  async (deps: SubscriptionDeps, { caller, tenant, path, reply }) => {
    const found = await findSubscription(deps.subscriptions, tenant.tenantId, path.subscriptionId);
    ensureMayChange(caller, found.createdBy, 'subscription');
    return reply(200, await testSubscription(deps, found));
  },
);

export const rotateSubscriptionSecretHandler = handler(
  api.rotateSubscriptionSecret,
  async (deps: SubscriptionDeps, { caller, tenant, path, reply }) => {
    const found = await findSubscription(deps.subscriptions, tenant.tenantId, path.subscriptionId);
    ensureMayChange(caller, found.createdBy, 'subscription');
    const { subscription, secret } = await rotateSecret(deps, found);
    return reply(200, { ...publicSubscription(deps.signingKeys, subscription), secret });
  },
);

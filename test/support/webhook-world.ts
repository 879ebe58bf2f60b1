/** Webhook deliveries over fakes: a receiver whose answers a test chooses, and a queue with a clock. */
import { callerWith } from '../../shared/access/caller.ts';
import { sharedSpace } from '../../shared/access/owner.ts';
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { createCapabilities } from '../../shared/access/capability-token.ts';
import { newApiKey } from '../../shared/access/api-keys.ts';
import { deliver, deliveryBudgetMs, type DeliverDeps } from '../../shared/webhooks/deliver.ts';
import { createSubscription, type NewSubscription } from '../../shared/webhooks/manage-subscriptions.ts';
import { createSetNotifier, notifySubscriptions } from '../../shared/webhooks/notify-subscriptions.ts';
import { checkTarget, type OutgoingWebhook, type SendOutcome } from '../../shared/webhooks/webhook-sender.ts';
import { createFakeApiKeyStore } from './fakes/api-key-store.ts';
import { createFakeDeliveryQueue } from './fakes/delivery-queue.ts';
import { createFakeDestinationStore } from './fakes/destinations.ts';
import { createFakeSearchStore } from './fakes/search-store.ts';
import { createFakeSubscriptionStore } from './fakes/subscription-store.ts';
import { createFakeTenantStore } from './fakes/tenant-store.ts';
import { createFeedWorld, type InventedRecord, type Numbering } from './feed-world.ts';
import { fabrikamId, tenantNamed } from './tenants.ts';

const bodySchema = z.object({
  type: z.string(),
  timestamp: z.string(),
  data: z.object({
    value: z
      .array(z.looseObject({ id: z.string(), url: z.string(), tenantId: z.string().optional() }))
      .default([]),
  }),
});

export const received = (webhook: OutgoingWebhook) => {
  const { value } = bodySchema.parse(JSON.parse(webhook.body)).data;
  return { id: webhook.headers['webhook-id'] ?? '', ids: value.map(({ id }) => id), value };
};

/** Answered with this status. */
export const answered = (status: number, retryAfter?: string): SendOutcome => ({
  ...{ kind: 'answered', status, retryAfter },
});

export async function createWebhookWorld(numbering?: Numbering) {
  const world = createFeedWorld(numbering);
  const { now, startBudget } = world.clock;
  const signingKeys = [randomBytes(32)] as const;
  const keys = createFakeApiKeyStore();
  const { key } = newApiKey({ name: 'Flow', tenants: '*', scopes: ['records.read'] }, now());
  await keys.create(key);
  const sent: OutgoingWebhook[] = [];
  let answer: (webhook: OutgoingWebhook) => SendOutcome = () => answered(200);
  const queues = createFakeDeliveryQueue(now);
  const tenants = createFakeTenantStore([tenantNamed('Fabrikam', { tenantId: fabrikamId })]);
  const deps = {
    ...{ ...world.deps, signingKeys, queues, random: () => 0.5, elapsed: () => now().getTime() },
    subscriptions: createFakeSubscriptionStore(),
    tenants,
    searches: createFakeSearchStore(),
    destinations: createFakeDestinationStore(),
    capabilities: createCapabilities({ signingKeys, keys, tenants, now }),
    webhookSender: {
      send: async (webhook: OutgoingWebhook) => {
        sent.push(webhook);
        return await Promise.resolve(answer(webhook));
      },
      checkTarget: (text: string) => checkTarget(text, { isLocal: false }),
    },
  };
  const { tenantId } = world;
  const notifySets = createSetNotifier(deps);
  const caller = callerWith(key.id, key);
  return {
    ...{ ...world, deps, keys, key, sent, queues, signingKeys, caller },
    answerWith: (next: (webhook: OutgoingWebhook) => SendOutcome) => {
      answer = next;
    },
    subscribe: async (body: Partial<NewSubscription['body']> = {}) => {
      const targetUrl = 'https://receiver.example/hook?sig=1';
      const baseUrl = 'https://auditkeep.example/api/';
      return await createSubscription(deps, {
        ...{ owner: tenantId, caller, baseUrl },
        body: { content: 'ids', targetUrl, ...body },
      });
    },
    /** To several tenants; by default to all, by a key for all. */
    subscribeToSet: async (body: Partial<NewSubscription['body']> = {}, by = caller) => {
      const targetUrl = 'https://receiver.example/hook?sig=1';
      const { tenants: boundTo, ...space } = sharedSpace(by);
      const { subscription } = await createSubscription(deps, {
        ...{ ...space, boundTo, baseUrl: 'https://auditkeep.example/api/' },
        body: { content: 'ids', targetUrl, ...body },
      });
      const { owner, subscriptionId } = subscription;
      return async () => {
        const stored = await deps.subscriptions.get(owner, subscriptionId);
        if (stored === undefined) throw new Error('The subscription is gone.');
        return stored;
      };
    },
    /** Lands, indexes, announces, and notifies subscriptions. */
    publish: async (records: readonly InventedRecord[], of = tenantId) => {
      await world.ingest(records, of);
      await notifySubscriptions(deps, of);
      await notifySets(of);
    },
    /** Handles visible messages; one that fails is redelivered. */
    drain: async (other: Partial<DeliverDeps> = {}) => {
      for (let message = queues.take(); message !== undefined; message = queues.take()) {
        const taken = message;
        await deliver({ ...deps, ...other }, taken, startBudget(deliveryBudgetMs)).catch(async () => {
          await queues.requestDelivery(taken, 30_000);
        });
      }
    },
    subscription: async () => {
      const [subscription] = await deps.subscriptions.list(tenantId);
      if (subscription === undefined) throw new Error('There is no subscription.');
      return subscription;
    },
  };
}

export type WebhookWorld = Awaited<ReturnType<typeof createWebhookWorld>>;

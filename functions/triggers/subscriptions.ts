/** Webhook subscriptions: to a tenant, and to several. */
import type { Access } from '../../shared/access/access.ts';
import { setNamed } from '../../shared/access/open-tenants.ts';
import { allTenants } from '../../shared/access/tenant-set.ts';
import { sharedSpace } from '../../shared/access/owner.ts';
import * as api from '../../shared/api/subscriptions.ts';
import { handler } from '../../shared/http/handler.ts';
import { invalidParameter } from '../../shared/errors.ts';
import {
  createdSubscription,
  endSubscription,
  listedSubscriptions,
  rotatedSubscription,
  shownSubscription,
  testedSubscription,
  type CreateSubscriptionDeps,
  type ReadSubscriptionDeps,
} from '../../shared/webhooks/answer-subscription.ts';
import type { SubscriptionDeps } from '../../shared/webhooks/manage-subscriptions.ts';

export const listSubscriptionsHandler = handler(
  api.listSubscriptions,
  async (deps: ReadSubscriptionDeps, { tenant, reply }) =>
    reply(200, await listedSubscriptions(deps, tenant.tenantId)),
);

export const listSubscriptionsOfTenantsHandler = handler(
  api.listSubscriptionsOfTenants,
  async (deps: ReadSubscriptionDeps, { caller, reply }) =>
    reply(200, await listedSubscriptions(deps, sharedSpace(caller).owner)),
);

export const getSubscriptionHandler = handler(
  api.getSubscription,
  async (deps: ReadSubscriptionDeps, { tenant, path, reply }) =>
    reply(200, await shownSubscription(deps, { owner: tenant.tenantId, ...path })),
);

export const getSubscriptionOfTenantsHandler = handler(
  api.getSubscriptionOfTenants,
  async (deps: ReadSubscriptionDeps, { caller, path, reply }) =>
    reply(200, await shownSubscription(deps, { ...sharedSpace(caller), ...path })),
);

export const createSubscriptionHandler = handler(
  api.createSubscription,
  async (deps: CreateSubscriptionDeps, { request, caller, tenant, body, reply }) => {
    const wanted = { owner: tenant.tenantId, caller, body };
    const created = await createdSubscription(deps, { request, toRoot: '../../../' }, wanted);
    return reply(201, created.body, created.headers);
  },
);

export const createSubscriptionOfTenantsHandler = handler(
  api.createSubscriptionOfTenants,
  async (
    deps: CreateSubscriptionDeps & { readonly access: Access },
    { request, caller, body: { tenants: terms, ...rest }, reply },
  ) => {
    const isOwn = rest.search === undefined;
    if (!isOwn && terms !== undefined) throw invalidParameter('tenants', ofSearch);
    const tenants = isOwn
      ? await setNamed(deps.access, caller, terms ?? [allTenants], 'records.read')
      : undefined;
    const { tenants: boundTo, ...space } = sharedSpace(caller);
    const wanted = { ...space, boundTo, body: { ...rest, tenants } };
    const created = await createdSubscription(deps, { request, toRoot: '../' }, wanted);
    return reply(201, created.body, created.headers);
  },
);

const ofSearch = "'tenants' cannot be combined with 'search': a saved search has its own tenants.";

export const deleteSubscriptionHandler = handler(
  api.deleteSubscription,
  async (deps: ReadSubscriptionDeps, { caller, tenant, path, reply }) => {
    await endSubscription(deps, { owner: tenant.tenantId, caller, ...path });
    return reply(204);
  },
);

export const deleteSubscriptionOfTenantsHandler = handler(
  api.deleteSubscriptionOfTenants,
  async (deps: ReadSubscriptionDeps, { caller, path, reply }) => {
    await endSubscription(deps, { ...sharedSpace(caller), ...path });
    return reply(204);
  },
);

export const testSubscriptionHandler = handler(
  api.testSubscription,
  async (deps: SubscriptionDeps, { caller, tenant, path, reply }) =>
    reply(200, await testedSubscription(deps, { owner: tenant.tenantId, caller, ...path })),
);

export const testSubscriptionOfTenantsHandler = handler(
  api.testSubscriptionOfTenants,
  async (deps: SubscriptionDeps, { caller, path, reply }) =>
    reply(200, await testedSubscription(deps, { ...sharedSpace(caller), ...path })),
);

export const rotateSubscriptionSecretHandler = handler(
  api.rotateSubscriptionSecret,
  async (deps: SubscriptionDeps, { caller, tenant, path, reply }) =>
    reply(200, await rotatedSubscription(deps, { owner: tenant.tenantId, caller, ...path })),
);

export const rotateSubscriptionSecretOfTenantsHandler = handler(
  api.rotateSubscriptionSecretOfTenants,
  async (deps: SubscriptionDeps, { caller, path, reply }) =>
    reply(200, await rotatedSubscription(deps, { ...sharedSpace(caller), ...path })),
);

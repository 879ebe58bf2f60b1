/** `GET /tenants/{tenantId}/subscriptions/{subscriptionId}`: a webhook subscription, and how it does. */
import type { HttpFunctionOptions } from '@azure/functions';
import { publicSubscription } from '../shared/webhooks/public-subscription.ts';
import { findSubscription, type SubscriptionStore } from '../shared/webhooks/webhook-subscription.ts';
import { authenticated, pathParameter, type HttpDeps } from './http.ts';

interface GetSubscriptionDeps extends HttpDeps {
  readonly subscriptions: SubscriptionStore;
  readonly signingKey: Buffer;
}

export function getSubscriptionFunction(deps: GetSubscriptionDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'tenants/{tenantId}/subscriptions/{subscriptionId}',
    async handler({ request, caller }) {
      const id = pathParameter(request, 'tenantId');
      const { tenantId } = await deps.access.openTenant(caller, id, 'records.read');
      const name = pathParameter(request, 'subscriptionId');
      const found = await findSubscription(deps.subscriptions, tenantId, name);
      return { jsonBody: publicSubscription(deps.signingKey, found) };
    },
  });
}

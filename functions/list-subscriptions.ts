/** `GET /tenants/{tenantId}/subscriptions`: the webhook subscriptions of a tenant, and how they do. */
import type { HttpFunctionOptions } from '@azure/functions';
import { publicSubscription } from '../shared/webhooks/public-subscription.ts';
import type { SubscriptionStore } from '../shared/webhooks/webhook-subscription.ts';
import { authenticated, pathParameter, type HttpDeps } from './http.ts';

interface ListSubscriptionsDeps extends HttpDeps {
  readonly subscriptions: Pick<SubscriptionStore, 'list'>;
  readonly signingKey: Buffer;
}

export function listSubscriptionsFunction(deps: ListSubscriptionsDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'tenants/{tenantId}/subscriptions',
    async handler({ request, caller }) {
      const id = pathParameter(request, 'tenantId');
      const { tenantId } = await deps.access.openTenant(caller, id, 'records.read');
      const all = await deps.subscriptions.list(tenantId);
      return { jsonBody: { value: all.map((each) => publicSubscription(deps.signingKey, each)) } };
    },
  });
}

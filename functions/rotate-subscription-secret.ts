/** `POST /tenants/{tenantId}/subscriptions/{subscriptionId}/rotateSecret`: a new secret; the old one signs for a day, too. */
import type { HttpFunctionOptions } from '@azure/functions';
import {
  ensureMayChange,
  rotateSecret,
  type SubscriptionDeps,
} from '../shared/webhooks/manage-subscriptions.ts';
import { publicSubscription } from '../shared/webhooks/public-subscription.ts';
import { findSubscription } from '../shared/webhooks/webhook-subscription.ts';
import { authenticated, pathParameter, type HttpDeps } from './http.ts';

export function rotateSubscriptionSecretFunction(deps: HttpDeps & SubscriptionDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['POST'],
    route: 'tenants/{tenantId}/subscriptions/{subscriptionId}/rotateSecret',
    async handler({ request, caller }) {
      const id = pathParameter(request, 'tenantId');
      const { tenantId } = await deps.access.openTenant(caller, id, 'records.read');
      const name = pathParameter(request, 'subscriptionId');
      const found = await findSubscription(deps.subscriptions, tenantId, name);
      ensureMayChange(caller, found);
      const { subscription, secret } = await rotateSecret(deps, found);
      return { jsonBody: { ...publicSubscription(deps.signingKey, subscription), secret } };
    },
  });
}

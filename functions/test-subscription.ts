/** `POST /tenants/{tenantId}/subscriptions/{subscriptionId}/test`: sends a test, and puts back to work what was disabled. */
import type { HttpFunctionOptions } from '@azure/functions';
import {
  ensureMayChange,
  testSubscription,
  type SubscriptionDeps,
} from '../shared/webhooks/manage-subscriptions.ts';
import { findSubscription } from '../shared/webhooks/webhook-subscription.ts';
import { authenticated, pathParameter, type HttpDeps } from './http.ts';

export function testSubscriptionFunction(deps: HttpDeps & SubscriptionDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['POST'],
    route: 'tenants/{tenantId}/subscriptions/{subscriptionId}/test',
    async handler({ request, caller }) {
      const id = pathParameter(request, 'tenantId');
      const { tenantId } = await deps.access.openTenant(caller, id, 'records.read');
      const name = pathParameter(request, 'subscriptionId');
      const found = await findSubscription(deps.subscriptions, tenantId, name);
      ensureMayChange(caller, found);
      return { jsonBody: await testSubscription(deps, found) };
    },
  });
}

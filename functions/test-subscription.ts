/** `POST /tenants/{tenantId}/subscriptions/{subscriptionId}/test`: sends a test, and puts back to work what was disabled. */
import type { HttpFunctionOptions } from '@azure/functions';
import { readManagedTenant } from '../shared/tenants/managed.ts';
import type { TenantStore } from '../shared/tenants/tenant.ts';
import {
  ensureMayChange,
  testSubscription,
  type SubscriptionDeps,
} from '../shared/webhooks/manage-subscriptions.ts';
import { findSubscription } from '../shared/webhooks/webhook-subscription.ts';
import { authenticated, pathParameter, type HttpDeps } from './http.ts';

type TestSubscriptionDeps = HttpDeps & SubscriptionDeps & { readonly tenants: Pick<TenantStore, 'get'> };

export function testSubscriptionFunction(deps: TestSubscriptionDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['POST'],
    route: 'tenants/{tenantId}/subscriptions/{subscriptionId}/test',
    async handler({ request, caller }) {
      const id = pathParameter(request, 'tenantId');
      const opened = await deps.access.openTenant(caller, id, 'records.read');
      const { tenantId } = await readManagedTenant(deps.tenants, opened.tenantId);
      const name = pathParameter(request, 'subscriptionId');
      const found = await findSubscription(deps.subscriptions, tenantId, name);
      ensureMayChange(caller, found);
      return { jsonBody: await testSubscription(deps, found) };
    },
  });
}

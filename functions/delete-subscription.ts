/** `DELETE /tenants/{tenantId}/subscriptions/{subscriptionId}`: ends deliveries; one that is not there is success. */
import type { HttpFunctionOptions } from '@azure/functions';
import * as z from 'zod';
import { identifyLinkedCaller, type LinkedCallerDeps } from '../shared/access/linked-caller.ts';
import { ensureMayChange } from '../shared/webhooks/manage-subscriptions.ts';
import type { SubscriptionStore } from '../shared/webhooks/webhook-subscription.ts';
import { authenticated, pathParameter, type HttpDeps } from './http.ts';

type DeleteSubscriptionDeps = HttpDeps &
  LinkedCallerDeps & { readonly subscriptions: Pick<SubscriptionStore, 'get' | 'remove'> };

export function deleteSubscriptionFunction(deps: DeleteSubscriptionDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['DELETE'],
    route: 'tenants/{tenantId}/subscriptions/{subscriptionId}',
    identify: (request) =>
      identifyLinkedCaller(deps, request, {
        purpose: 'deleteSubscription',
        tenantId: pathParameter(request, 'tenantId'),
        subject: pathParameter(request, 'subscriptionId'),
      }),
    async handler({ request, caller }) {
      const id = pathParameter(request, 'tenantId');
      const { tenantId } = await deps.access.openTenant(caller, id, 'records.read');
      const subscriptionId = z.guid().safeParse(pathParameter(request, 'subscriptionId')).data?.toLowerCase();
      // What is no id names nothing.
      if (subscriptionId === undefined) return { status: 204 };
      const found = await deps.subscriptions.get(tenantId, subscriptionId);
      if (found === undefined) return { status: 204 };
      ensureMayChange(caller, found);
      await deps.subscriptions.remove(tenantId, subscriptionId);
      return { status: 204 };
    },
  });
}

/** `DELETE /tenants/{tenantId}/subscriptions/{subscriptionId}`: ends deliveries; one that is not there is success. */
import type { HttpFunctionOptions, HttpRequest } from '@azure/functions';
import * as z from 'zod';
import type { Caller } from '../shared/access/access.ts';
import type { Capabilities } from '../shared/access/capability-token.ts';
import { ensureMayChange } from '../shared/webhooks/manage-subscriptions.ts';
import type { SubscriptionStore } from '../shared/webhooks/webhook-subscription.ts';
import { authenticated, pathParameter, type HttpDeps } from './http.ts';

interface DeleteSubscriptionDeps extends HttpDeps {
  readonly subscriptions: Pick<SubscriptionStore, 'get' | 'remove'>;
  readonly capabilities: Pick<Capabilities, 'redeem'>;
}

export function deleteSubscriptionFunction(deps: DeleteSubscriptionDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['DELETE'],
    route: 'tenants/{tenantId}/subscriptions/{subscriptionId}',
    identify: (request) => identify(deps, request),
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

/** Flows follow the Location that they were given, some of them without their connection's key. */
async function identify(
  { access, capabilities }: DeleteSubscriptionDeps,
  { headers, query, params }: HttpRequest,
): Promise<Caller> {
  const [apiKey, authorization, token] = [
    headers.get('x-api-key'),
    headers.get('authorization'),
    query.get('t'),
  ];
  if (apiKey !== null || authorization !== null || token === null) {
    return await access.authenticate({ apiKey, authorization });
  }
  const [tenantId = '', subject = ''] = [params['tenantId'], params['subscriptionId']];
  return await capabilities.redeem(token, { purpose: 'deleteSubscription', tenantId, subject });
}

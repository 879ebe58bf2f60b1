/** `POST /tenants/{tenantId}/subscriptions`: has new records sent to an address. */
import type { HttpFunctionOptions } from '@azure/functions';
import type { Capabilities } from '../shared/access/capability-token.ts';
import { readManagedTenant } from '../shared/tenants/managed.ts';
import type { TenantStore } from '../shared/tenants/tenant.ts';
import {
  createSubscription,
  subscriptionBodySchema,
  type SubscriptionDeps,
} from '../shared/webhooks/manage-subscriptions.ts';
import { publicSubscription } from '../shared/webhooks/public-subscription.ts';
import { addressOf, authenticated, pathParameter, readBody, type Call, type HttpDeps } from './http.ts';

interface CreateSubscriptionDeps extends HttpDeps, SubscriptionDeps {
  readonly capabilities: Pick<Capabilities, 'grant'>;
  readonly tenants: Pick<TenantStore, 'get'>;
  /** Where people reach the app; by default where the request was sent to. */
  readonly publicUrl: string | undefined;
}

export function createSubscriptionFunction(deps: CreateSubscriptionDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['POST'],
    route: 'tenants/{tenantId}/subscriptions',
    handler: (call) => create(deps, call),
  });
}

async function create(deps: CreateSubscriptionDeps, { request, caller }: Call) {
  const id = pathParameter(request, 'tenantId');
  const opened = await deps.access.openTenant(caller, id, 'records.read');
  const { tenantId } = await readManagedTenant(deps.tenants, opened.tenantId);
  const body = await readBody(request, subscriptionBodySchema);
  const baseUrl = deps.publicUrl === undefined ? addressOf(request, '../../../') : `${deps.publicUrl}/`;
  const { subscription, secret } = await createSubscription(deps, { tenantId, caller, baseUrl, body });
  const { subscriptionId } = subscription;
  const address = new URL(addressOf(request, subscriptionId));
  // Flows may delete without their connection's key, whatever they follow is all they have.
  const capability = { purpose: 'deleteSubscription', tenantId, subject: subscriptionId } as const;
  address.searchParams.set('t', deps.capabilities.grant(caller, capability));
  const jsonBody = { ...publicSubscription(deps.signingKey, subscription), secret };
  return { status: 201, jsonBody, headers: { Location: address.href } };
}

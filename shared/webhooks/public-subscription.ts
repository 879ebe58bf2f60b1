/** A subscription as responses show it: never its secret, and only the host of its target. */
import { publicFilters } from '../searches/search.ts';
import type { SigningKeys } from '../access/signing-keys.ts';
import { openTarget } from './webhook-secrets.ts';
import type { WebhookSubscription } from './webhook-subscription.ts';

export function publicSubscription(signingKeys: SigningKeys, subscription: WebhookSubscription) {
  const { subscriptionId, createdBy, createdDateTime, content, wanted, failures } = subscription;
  const target = openTarget(signingKeys, subscription);
  const { disabled, lastError, nextAttemptAt, lastDeliveryAt, overlapUntil } = subscription;
  return {
    id: subscriptionId,
    status: disabled === undefined ? ('active' as const) : ('disabled' as const),
    disabledReason: disabled,
    /** The URL of a flow contains a signature: anyone who has it can call the flow. */
    targetHost: target === undefined ? undefined : new URL(target).host,
    content,
    filters: wanted.filters === undefined ? undefined : publicFilters(wanted.filters),
    search: wanted.search,
    tenants: wanted.search === undefined ? wanted.tenants : undefined,
    createdBy,
    createdDateTime: createdDateTime.toISOString(),
    failures,
    lastError,
    nextAttemptDateTime: disabled === undefined ? nextAttemptAt?.toISOString() : undefined,
    lastDeliveryDateTime: lastDeliveryAt?.toISOString(),
    previousSecretExpiresDateTime: overlapUntil?.toISOString(),
  };
}

/** A subscription as answers show it: never its secret, of its address only the host. */
import { openTarget } from './webhook-secrets.ts';
import type { WebhookSubscription } from './webhook-subscription.ts';

export function publicSubscription(signingKey: Buffer, subscription: WebhookSubscription) {
  const { subscriptionId, createdBy, createdDateTime, content, wanted, failures } = subscription;
  const target = openTarget(signingKey, subscription);
  const { disabled, lastError, nextAttemptAt, lastDeliveryAt, overlapUntil } = subscription;
  return {
    id: subscriptionId,
    status: disabled === undefined ? ('active' as const) : ('disabled' as const),
    disabledReason: disabled,
    /** Addresses of flows hold a signature, which opens them to everybody. */
    targetHost: target === undefined ? undefined : new URL(target).host,
    content,
    filters: wanted.filters,
    search: wanted.search,
    createdBy,
    createdDateTime: createdDateTime.toISOString(),
    failures,
    lastError,
    nextAttemptDateTime: disabled === undefined ? nextAttemptAt?.toISOString() : undefined,
    lastDeliveryDateTime: lastDeliveryAt?.toISOString(),
    oldSecretValidUntil: overlapUntil?.toISOString(),
  };
}

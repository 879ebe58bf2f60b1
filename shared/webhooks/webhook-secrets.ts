/** The secrets of subscriptions: signing keys, which are derived, and target URLs, which are encrypted. */
import { createHmac } from 'node:crypto';
import { seal, unseal } from '../access/sealing.ts';
import type { WebhookSubscription } from './webhook-subscription.ts';

type Named = Pick<WebhookSubscription, 'tenantId' | 'subscriptionId'>;
type Signing = Named & Pick<WebhookSubscription, 'generation' | 'overlapUntil'>;

/** How long the previous secret signs as well. */
export const overlapMs = 24 * 60 * 60_000;

/**
 * The secret of a generation, as it is shown once: `whsec_…`. It is derived from the signing key, so nothing is stored
 * and nothing can be stolen; a new signing key replaces all of them.
 */
export function subscriptionSecret(signingKey: Buffer, signing: Named & Pick<Signing, 'generation'>): string {
  return `whsec_${derive(signingKey, signing, signing.generation).toString('base64')}`;
}

function derive(signingKey: Buffer, { tenantId, subscriptionId }: Named, generation: number): Buffer {
  const name = `subscription secret\n${tenantId}\n${subscriptionId}\n${generation}`;
  return createHmac('sha256', signingKey).update(name).digest();
}

export interface WebhookMessage {
  /** The same for the same content to the same subscription. */
  readonly id: string;
  readonly body: string;
}

/**
 * Headers of Standard Webhooks 1.0; two signatures while a secret is being replaced.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function webhookHeaders(
  signingKey: Buffer,
  signing: Signing,
  { id, body }: WebhookMessage,
  now: Date,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const { generation, overlapUntil } = signing;
  const isOverlapping = overlapUntil !== undefined && overlapUntil > now;
  const signatures = [generation, ...(isOverlapping ? [generation - 1] : [])].map((number) => {
    const mac = createHmac('sha256', derive(signingKey, signing, number));
    return `v1,${mac.update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return {
    'content-type': 'application/json',
    'user-agent': 'Auditkeep',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}

/** Encrypts the target URL of one subscription; base64. */
export function sealTarget(signingKey: Buffer, named: Named, target: string): string {
  return seal(targetKey(signingKey, named), target).toString('base64');
}

/** Undefined if it was encrypted with another signing key or for another subscription. */
export function openTarget(
  signingKey: Buffer,
  { sealedTarget, ...named }: Named & Pick<WebhookSubscription, 'sealedTarget'>,
): string | undefined {
  try {
    return unseal(targetKey(signingKey, named), Buffer.from(sealedTarget, 'base64'));
  } catch {
    // Authentication failed; the error has no further detail.
    return undefined;
  }
}

function targetKey(signingKey: Buffer, { tenantId, subscriptionId }: Named): Buffer {
  const name = `subscription target\n${tenantId}\n${subscriptionId}`;
  return createHmac('sha256', signingKey).update(name).digest();
}

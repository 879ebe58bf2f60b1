/** The secrets of subscriptions: signing keys, which are derived, and target URLs, which are encrypted. */
import { createHmac } from 'node:crypto';
import { seal, sealingKeys, unseal } from '../access/sealing.ts';
import { liveGenerations, shownSecret } from '../access/secret-generations.ts';
import type { SigningKeys } from '../access/signing-keys.ts';
import type { WebhookSubscription } from './webhook-subscription.ts';

type Named = Pick<WebhookSubscription, 'owner' | 'subscriptionId'>;
type Signing = Named & Pick<WebhookSubscription, 'generation' | 'overlapUntil'>;

/** How long the previous secret signs as well. */
export const overlapMs = 24 * 60 * 60_000;

/**
 * The secret of a generation, as it is shown once: `whsec_…`. It is derived from the current signing key, so nothing is
 * stored and nothing can be stolen.
 */
export function subscriptionSecret(
  [current]: SigningKeys,
  signing: Named & Pick<Signing, 'generation'>,
): string {
  return shownSecret(derive(current, signing, signing.generation));
}

function derive(signingKey: Buffer, { owner, subscriptionId }: Named, generation: number): Buffer {
  const name = `subscription secret\n${owner}\n${subscriptionId}\n${generation}`;
  return createHmac('sha256', signingKey).update(name).digest();
}

export interface WebhookMessage {
  /** The same for the same content to the same subscription. */
  readonly id: string;
  readonly body: string;
}

/**
 * Headers of Standard Webhooks 1.0; several signatures while a secret or the signing key is being replaced.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function webhookHeaders(
  signingKeys: SigningKeys,
  signing: Signing,
  { id, body }: WebhookMessage,
  now: Date,
): Readonly<Record<string, string>> {
  const generations = liveGenerations(signing, now);
  const secrets = signingKeys.flatMap((key) => generations.map((number) => derive(key, signing, number)));
  return {
    'content-type': 'application/json',
    'user-agent': 'Auditkeep',
    ...signedHeaders(secrets, { id, body }, now),
  };
}

/** The headers of the signature alone. @param secrets each signs */
export function signedHeaders(
  secrets: readonly Buffer[],
  { id, body }: WebhookMessage,
  now: Date,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signatures = secrets.map((secret) => {
    const mac = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`);
    return `v1,${mac.digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}

/** Encrypts the target URL of one subscription; base64. */
export function sealTarget(signingKeys: SigningKeys, named: Named, target: string): string {
  const [current] = targetKeys(signingKeys, named);
  return seal(current, target).toString('base64');
}

type Sealed = Named & Pick<WebhookSubscription, 'sealedTarget'>;

/** Undefined if it was encrypted with none of the signing keys, or for another subscription. */
export function openTarget(signingKeys: SigningKeys, sealed: Sealed): string | undefined {
  return opened(targetKeys(signingKeys, sealed), sealed);
}

/** Encrypted with the current signing key; undefined if it is already, or cannot be opened. */
export function resealedTarget(signingKeys: SigningKeys, sealed: Sealed): string | undefined {
  const [current, ...previous] = targetKeys(signingKeys, sealed);
  if (previous.length === 0 || opened([current], sealed) !== undefined) return undefined;
  const target = opened(previous, sealed);
  return target === undefined ? undefined : seal(current, target).toString('base64');
}

function opened(keys: readonly Buffer[], { sealedTarget }: Sealed): string | undefined {
  try {
    return unseal(keys, Buffer.from(sealedTarget, 'base64'));
  } catch {
    return undefined;
  }
}

function targetKeys(signingKeys: SigningKeys, { owner, subscriptionId }: Named): SigningKeys {
  return sealingKeys(signingKeys, `subscription target\n${owner}\n${subscriptionId}`);
}

/** One signed attempt and its outcome. */
import type { SigningKeys } from '../access/signing-keys.ts';
import type { SendOutcome, WebhookSender } from './webhook-sender.ts';
import { webhookHeaders, type WebhookMessage } from './webhook-secrets.ts';
import type { WebhookSubscription } from './webhook-subscription.ts';

export interface SendDeps {
  readonly webhookSender: WebhookSender;
  readonly signingKeys: SigningKeys;
  readonly now: () => Date;
}

/** @param target the address, decrypted */
export async function sendTo(
  { webhookSender, signingKeys, now }: SendDeps,
  subscription: WebhookSubscription,
  { target, message }: { readonly target: string; readonly message: WebhookMessage },
): Promise<SendOutcome> {
  const headers = webhookHeaders(signingKeys, subscription, message, now());
  return await webhookSender.send({ url: target, headers, body: message.body });
}

/** Only 2xx: a redirect is a failure, as it could lead anywhere. */
export function isDelivered(outcome: SendOutcome): boolean {
  return outcome.kind === 'answered' && outcome.status >= 200 && outcome.status < 300;
}

/** A status or a code, as callers may see it. */
export function resultOf(outcome: SendOutcome): string {
  return outcome.kind === 'answered' ? String(outcome.status) : outcome.code;
}

/** A status or the exact code, for operators. */
export function exactResultOf(outcome: SendOutcome): string {
  return outcome.kind === 'answered' ? String(outcome.status) : (outcome.detail ?? outcome.code);
}

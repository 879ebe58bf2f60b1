/** Signed webhooks, Standard Webhooks 1.0: a signature proves knowledge of a secret and the time of signing. */
import { createHmac } from 'node:crypto';
import { RequestError } from '../errors.ts';
import { isSameText } from './signer.ts';

/** @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
export interface WebhookHeaders {
  readonly id: string | null;
  readonly timestamp: string | null;
  readonly signature: string | null;
}

export interface SignedWebhook {
  readonly headers: WebhookHeaders;
  /** The raw bytes: the signature covers them, not the parsed body. */
  readonly body: Buffer;
}

const toleranceMs = 5 * 60_000;
const maxIdLength = 256;

/**
 * What can be checked before the body is read: that the headers are complete, and the time is recent.
 * @throws RequestError 401, the same as for a wrong signature
 */
export function readWebhookHeaders({ id, timestamp, signature }: WebhookHeaders, now: Date) {
  if (id === null || id === '' || id.length > maxIdLength || timestamp === null || signature === null)
    throw refused();
  if (!/^\d{1,12}$/.test(timestamp)) throw refused();
  if (Math.abs(now.getTime() - Number(timestamp) * 1000) > toleranceMs) throw refused();
  // There are several signatures while a secret is being renewed; only v1 uses a shared secret.
  const presented = signature.split(' ').flatMap((part) => (part.startsWith('v1,') ? [part.slice(3)] : []));
  if (presented.length === 0) throw refused();
  return { id, timestamp, presented };
}

/**
 * Verifies a webhook and returns its id.
 * @param secrets any of which may have signed it
 * @throws RequestError 401, the same for every reason
 */
export function verifyWebhook(
  { headers, body }: SignedWebhook,
  { secrets, now }: { readonly secrets: readonly Buffer[]; readonly now: Date },
): string {
  const { id, timestamp, presented } = readWebhookHeaders(headers, now);
  const expected = secrets.map((secret) =>
    createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body).digest('base64'),
  );
  const matches = presented.filter(
    (text) => expected.filter((digest) => isSameText(text, digest)).length > 0,
  );
  if (matches.length === 0) throw refused();
  return id;
}

function refused(): RequestError {
  const message =
    'Invalid webhook signature. Sign {webhook-id}.{webhook-timestamp}.{body} with the secret, at most 5 minutes before sending.';
  return new RequestError(401, 'Unauthorized', message);
}

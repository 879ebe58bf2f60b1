/** Whether a webhook is signed with a secret, without our own code. */
import { createHmac } from 'node:crypto';

/** As a receiver checks it. @param secret `whsec_…` */
export function isSignedWith(
  secret: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const text = `${headers['webhook-id'] ?? ''}.${headers['webhook-timestamp'] ?? ''}.${body}`;
  const signature = `v1,${createHmac('sha256', key).update(text).digest('base64')}`;
  return (headers['webhook-signature'] ?? '').split(' ').includes(signature);
}

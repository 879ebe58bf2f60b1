/** Headers of signed calls, those that Auditkeep receives and those that it makes. @see https://www.standardwebhooks.com */
import * as z from 'zod';

/** In the order of their names in what is signed. */
export const webhookRequestHeaders = [
  { name: 'webhook-id', description: 'ID of the message; the same for each attempt.' },
  { name: 'webhook-timestamp', description: 'When it was signed, in epoch seconds.' },
  { name: 'webhook-signature', description: 'Signatures as defined by Standard Webhooks.' },
] as const;

/** As parameters of an operation that can be called without a signature as well. */
export const optionalWebhookHeaders = z.object(
  Object.fromEntries(
    webhookRequestHeaders.map(({ name, description }) => [name, z.string().optional().meta({ description })]),
  ),
);

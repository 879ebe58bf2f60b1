/** Sends signed requests. */
import type { OpenChannel, OutgoingMessage } from '../../channels/kind.ts';
import type { WebhookSettings } from '../../channels/kinds/webhook.ts';
import { filled, ownJson } from '../../channels/text/template.ts';
import type { SenderContext } from '../../destinations/kind.ts';
import { signedHeaders } from '../../webhooks/webhook-secrets.ts';
import { failureOf } from './answer.ts';
import { createJsonClient } from './post-json.ts';

const contentTypes: Readonly<Record<WebhookSettings['format'], string>> = {
  json: 'application/json',
  xml: 'application/xml',
  form: 'application/x-www-form-urlencoded',
  text: 'text/plain; charset=utf-8',
};

export const openWebhook: OpenChannel<WebhookSettings> = (settings, context) => {
  const client = createJsonClient(context, settings.certificateAuthority);
  return {
    async send(outgoing, signal) {
      const body = bodyOf(settings, outgoing);
      const signature = await signatureOf(settings, context, { id: outgoing.id, body });
      if (signature === undefined) return notASecret;
      const headers = {
        ...signature,
        ...(await credentialOf(settings, context)),
        'content-type': contentTypes[settings.format],
      };
      const answer = await client.send({ method: 'POST', url: settings.url, headers, body }, signal);
      return failureOf(answer, { nextSteps }) ?? { outcome: 'sent' };
    },
    close: () => client.close(),
  };
};

function bodyOf({ template, format }: WebhookSettings, outgoing: OutgoingMessage): string {
  return template === undefined ? ownJson(outgoing) : filled(template, format, outgoing);
}

/** Undefined if the secret is none. */
async function signatureOf(
  { signingSecret }: WebhookSettings,
  { secret, now }: SenderContext,
  message: { readonly id: string; readonly body: string },
): Promise<Readonly<Record<string, string>> | undefined> {
  if (signingSecret === undefined) return { 'webhook-id': message.id };
  const [, base64 = ''] = /^(?:whsec_)?([A-Za-z0-9+/]+=*)$/.exec((await secret(signingSecret)).trim()) ?? [];
  const key = Buffer.from(base64, 'base64');
  return key.length < minKeyBytes ? undefined : signedHeaders([key], message, now());
}

/** Of Standard Webhooks. */
const minKeyBytes = 24;

const notASecret = {
  outcome: 'misconfigured',
  cause: 'The signing secret is not valid.',
  nextStep: 'Store whsec_ and at least 24 random bytes in Base64 in the vault.',
} as const;

async function credentialOf(
  { credential }: WebhookSettings,
  { secret }: SenderContext,
): Promise<Readonly<Record<string, string>>> {
  if (credential === undefined) return {};
  return { [credential.header.toLowerCase()]: `${credential.prefix}${await secret(credential.secret)}` };
}

const checkAddress = 'Check the address in the settings of the channel.';
const nextSteps = {
  401: 'Check the secrets, and the header that the credential is sent in.',
  403: 'Allow what the credential belongs to to send messages.',
  404: checkAddress,
  405: checkAddress,
  410: checkAddress,
};

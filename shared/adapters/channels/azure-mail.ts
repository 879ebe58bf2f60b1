/** Sends mail by Azure Communication Services. */
import * as z from 'zod';
import type { OpenChannel, OutgoingMessage, SendOutcome } from '../../channels/kind.ts';
import type { AzureMailSettings } from '../../channels/kinds/azure-mail.ts';
import { mailOf } from '../../channels/text/mail.ts';
import { parseJson } from '../../json.ts';
import type { HttpsAnswer, Unreached } from '../destinations/https-client.ts';
import { failureOf, type AnswerReading } from './answer.ts';
import { fittingAttachments } from './fitting-attachments.ts';
import { createJsonClient } from './post-json.ts';

const apiVersion = '2023-03-31';
const scope = 'https://communication.azure.com/.default';
/** The service takes 10 MB in all, encoded. */
const maxAttachmentBytes = 7_000_000;

export const openAzureMail: OpenChannel<AzureMailSettings> = (settings, context) => {
  const client = createJsonClient(context, settings.certificateAuthority);
  const authorization = async () => ({ authorization: `Bearer ${await context.token(scope)}` });
  const addressOf = (path: string) => `${new URL(path, settings.endpoint).href}?api-version=${apiVersion}`;
  /** Whether the service has begun to send it: an operation has the ID of its message. */
  const isThere = async ({ id }: OutgoingMessage, signal: AbortSignal): Promise<boolean> => {
    const url = addressOf(`/emails/operations/${id}`);
    const answer = await client.send({ method: 'GET', url, headers: await authorization() }, signal);
    return answer.status === 200;
  };
  return {
    async send(outgoing, signal): Promise<SendOutcome> {
      if (outgoing.mayBeThere && (await isThere(outgoing, signal)))
        return { outcome: 'sent', receipt: outgoing.id, repeated: true };
      const answer = await client.send(
        {
          method: 'POST',
          url: addressOf('/emails:send'),
          headers: { ...(await authorization()), 'operation-id': outgoing.id },
          body: bodyOf(settings, outgoing),
        },
        signal,
      );
      if (answer.status === 409) return { outcome: 'sent', receipt: outgoing.id, repeated: true };
      return failureOf(answer, readingOf(answer)) ?? { outcome: 'sent', receipt: outgoing.id };
    },
    close: () => client.close(),
  };
};

function bodyOf({ sender, recipients }: AzureMailSettings, outgoing: OutgoingMessage): string {
  const { message, attachments } = fittingAttachments(outgoing, maxAttachmentBytes);
  const { subject, html, text } = mailOf(message, outgoing);
  return JSON.stringify({
    senderAddress: sender,
    recipients: { to: recipients.map((address) => ({ address })) },
    content: { subject, plainText: text, html },
    attachments: attachments.map(({ name, contentType, content }) => ({
      name,
      contentType,
      contentInBase64: content.toString('base64'),
    })),
    userEngagementTrackingDisabled: true,
  });
}

const errorSchema = z.object({ error: z.object({ code: z.string().regex(/^\w{1,60}$/) }) });

/** Codes that concern every message, not this one. */
const settingsCodes = /^(Domain|InvalidSender|Sender|Denied|Unauthorized)/;

function readingOf(answer: HttpsAnswer | Unreached): AnswerReading {
  const text = answer.status === undefined ? '' : answer.text;
  const detail = errorSchema.safeParse(parseJson(text)).data?.error.code;
  const misconfigured = detail !== undefined && settingsCodes.test(detail) ? checkSender : undefined;
  return { nextSteps, detail, misconfigured };
}

const checkSender =
  'Check that the domain of the sender is connected to the resource, and that the sender is one of its addresses.';

const nextSteps = {
  401: 'Assign the role Communication and Email Service Owner on the resource to the identity of the app.',
  403: 'Assign the role Communication and Email Service Owner on the resource to the identity of the app.',
  404: 'Check the endpoint, and that the domain of the sender is connected to the resource.',
};

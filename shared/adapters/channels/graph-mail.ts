/** Sends mail from a mailbox by Microsoft Graph. */
import * as z from 'zod';
import type { OpenChannel, OutgoingMessage } from '../../channels/kind.ts';
import type { GraphMailSettings } from '../../channels/kinds/graph-mail.ts';
import { mailOf } from '../../channels/text/mail.ts';
import { parseJson } from '../../json.ts';
import { failureOf } from './answer.ts';
import { fittingAttachments } from './fitting-attachments.ts';
import { createJsonClient, type ServiceAddress } from './post-json.ts';

const scope = 'https://graph.microsoft.com/.default';
/** A request may have 4 MB, encoded. */
const maxAttachmentBytes = 2_500_000;

export function createGraphMailOpener(
  { origin, certificateAuthority }: ServiceAddress = { origin: 'https://graph.microsoft.com' },
): OpenChannel<GraphMailSettings> {
  return (settings, context) => {
    const client = createJsonClient(context, certificateAuthority);
    return {
      async send(outgoing, signal) {
        const answer = await client.send(
          {
            method: 'POST',
            url: `${origin}/v1.0/users/${encodeURIComponent(settings.sender)}/sendMail`,
            headers: {
              authorization: `Bearer ${await context.token(scope)}`,
              'client-request-id': outgoing.id,
            },
            body: bodyOf(settings, outgoing),
          },
          signal,
        );
        const detail = answer.status === undefined ? undefined : codeIn(answer.text);
        return failureOf(answer, { nextSteps, detail }) ?? { outcome: 'sent' };
      },
      close: () => client.close(),
    };
  };
}

function bodyOf({ recipients, saveToSentItems }: GraphMailSettings, outgoing: OutgoingMessage): string {
  const { message, attachments } = fittingAttachments(outgoing, maxAttachmentBytes);
  const { subject, html } = mailOf(message, outgoing);
  return JSON.stringify({
    message: {
      subject,
      body: { contentType: 'HTML', content: html },
      toRecipients: recipients.map((address) => ({ emailAddress: { address } })),
      attachments: attachments.map(({ name, contentType, content }) => ({
        '@odata.type': '#microsoft.graph.fileAttachment',
        name,
        contentType,
        contentBytes: content.toString('base64'),
      })),
    },
    saveToSentItems,
  });
}

const errorSchema = z.object({ error: z.object({ code: z.string().regex(/^\w{1,60}$/) }) });

/** The code alone: the message may repeat what was sent. */
function codeIn(text: string): string | undefined {
  return errorSchema.safeParse(parseJson(text)).data?.error.code;
}

const nextSteps = {
  401: 'Check that this deployment is in the public cloud, and in the Entra tenant of the mailbox.',
  403: 'Allow the identity of the app to send from this mailbox: docs/channels.md says how.',
  404: 'Check the address of the sender: it must be a mailbox in the Entra tenant of this deployment.',
};

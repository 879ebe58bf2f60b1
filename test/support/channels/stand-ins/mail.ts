/** Stand-ins of the two services that send mail. */
import * as z from 'zod';
import { startStandIn, type StandIn } from './stand-in.ts';

export interface SentMail {
  readonly subject: string;
  readonly html: string;
  readonly to: readonly string[];
  readonly attachments: readonly { readonly name: string; readonly content: Buffer }[];
}

export interface MailStandIn extends StandIn {
  readonly mails: readonly SentMail[];
}

const azureSchema = z.strictObject({
  senderAddress: z.string(),
  recipients: z.strictObject({ to: z.array(z.strictObject({ address: z.string() })).max(50) }),
  content: z.strictObject({ subject: z.string().min(1), plainText: z.string(), html: z.string() }),
  attachments: z.array(
    z.strictObject({ name: z.string(), contentType: z.string(), contentInBase64: z.base64() }),
  ),
  userEngagementTrackingDisabled: z.boolean(),
});

const tooLarge = 10 * 1024 * 1024;

interface AzureMailOptions {
  /** Whether a token may send; by default the one of tests that make tokens up. */
  readonly isAllowed?: (bearer: string) => boolean;
  /** That its certificate is for, too. */
  readonly name?: string;
}

const isMadeUp = (bearer: string) => bearer === 'token for https://communication.azure.com/.default';

/** Azure Communication Services: an operation has the ID that the request gives it. */
export async function startAzureMail({
  isAllowed = isMadeUp,
  name,
}: AzureMailOptions = {}): Promise<MailStandIn> {
  const mails = new Map<string, SentMail>();
  const standIn = await startStandIn(
    ({ method, url, headers, text }) => {
      if (!isAllowed((headers.authorization ?? '').replace('Bearer ', '')))
        return {
          status: 401,
          body: { error: { code: 'Denied', message: 'Denied by the resource provider.' } },
        };
      if (url.searchParams.get('api-version') !== '2023-03-31') return { status: 400 };
      const asked = /^\/emails\/operations\/(.+)$/.exec(url.pathname)?.[1];
      if (method === 'GET' && asked !== undefined)
        return mails.has(asked) ? { status: 200, body: { id: asked, status: 'Running' } } : { status: 404 };
      if (method !== 'POST' || url.pathname !== '/emails:send') return { status: 404 };
      const id = z.guid().parse(headers['operation-id']);
      if (text.length > tooLarge) return { status: 413 };
      const mail = azureSchema.parse(JSON.parse(text));
      if (mails.has(id)) return { status: 409, body: { error: { code: 'Conflict', message: text } } };
      mails.set(id, {
        ...{ subject: mail.content.subject, html: mail.content.html },
        to: mail.recipients.to.map(({ address }) => address),
        attachments: mail.attachments.map(({ name, contentInBase64 }) => ({
          ...{ name, content: Buffer.from(contentInBase64, 'base64') },
        })),
      });
      return { status: 202, body: { id, status: 'Running' } };
    },
    { status: 400, body: { error: { code: 'BadRequest', message: 'with content' } } },
    name,
  );
  return {
    ...standIn,
    get mails() {
      return [...mails.values()];
    },
  };
}

const graphSchema = z.strictObject({
  message: z.strictObject({
    subject: z.string(),
    body: z.strictObject({ contentType: z.literal('HTML'), content: z.string() }),
    toRecipients: z.array(z.strictObject({ emailAddress: z.strictObject({ address: z.string() }) })),
    attachments: z.array(
      z.strictObject({
        '@odata.type': z.literal('#microsoft.graph.fileAttachment'),
        ...{ name: z.string(), contentType: z.string(), contentBytes: z.base64() },
      }),
    ),
  }),
  saveToSentItems: z.boolean(),
});

/** Microsoft Graph: a request has at most 4 MB. */
export async function startGraphMail(): Promise<MailStandIn> {
  const mails: SentMail[] = [];
  const standIn = await startStandIn(
    ({ url, headers, text }) => {
      if (headers.authorization !== 'Bearer token for https://graph.microsoft.com/.default')
        return { status: 401 };
      if (url.pathname !== '/v1.0/users/alerts%40partner.example/sendMail')
        return { status: 404, body: { error: { code: 'ErrorInvalidUser', message: 'x' } } };
      if (text.length > 4 * 1024 * 1024) return { status: 413 };
      const { message } = graphSchema.parse(JSON.parse(text));
      mails.push({
        ...{ subject: message.subject, html: message.body.content },
        to: message.toRecipients.map(({ emailAddress }) => emailAddress.address),
        attachments: message.attachments.map(({ name, contentBytes }) => ({
          ...{ name, content: Buffer.from(contentBytes, 'base64') },
        })),
      });
      return { status: 202 };
    },
    { status: 400, body: { error: { code: 'ErrorInvalidRecipients', message: 'with content' } } },
  );
  return { ...standIn, mails };
}

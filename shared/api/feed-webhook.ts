/** What Microsoft calls: announcements of new content. */
import * as z from 'zod';
import { feedWebhookRoute } from '../activity/feed-webhook.ts';
import { refusal } from './answers.ts';
import { operation } from './operation.ts';

export const receiveFeedNotification = operation('ReceiveFeedNotification', ['POST', feedWebhookRoute], {
  area: 'Tenants',
  audience: 'anonymous',
  summary: 'Receive a notification of the activity feed',
  description:
    'Microsoft announces new content here. The body is not read: a notification only has the tenant polled earlier.',
  headers: z.object({
    'Webhook-AuthID': z
      .string()
      .optional()
      .meta({ description: 'The secret that the subscription was started with. It names the tenant.' }),
    'Webhook-ValidationCode': z
      .string()
      .optional()
      .meta({ description: 'Sent when a subscription starts: nothing is announced yet.' }),
  }),
  answers: {
    200: { description: 'The notification was accepted.' },
    401: refusal(401, 'The header Webhook-AuthID is missing or wrong, or webhooks of the feed are off.'),
  },
});

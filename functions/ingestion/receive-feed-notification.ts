/** Microsoft calls here when a tenant has new content, and once when a subscription with this webhook starts. */
import { unauthorized } from '../../shared/access/refusals.ts';
import * as api from '../../shared/api/feed-webhook.ts';
import { handler } from '../../shared/http/handler.ts';
import type { FeedHints } from '../../shared/landing/feed-hints.ts';

export const receiveFeedNotificationHandler = handler(
  api.receiveFeedNotification,
  async ({ feedHints }: { readonly feedHints: FeedHints }, { request: { headers }, reply }) => {
    const authId = headers.get('webhook-authid') ?? '';
    const isHandshake = headers.get('webhook-validationcode') !== null;
    const isTaken = isHandshake ? feedHints.isAuthentic(authId) : await feedHints.take(authId);
    // Neither stored nor logged: anyone can send anything here.
    if (!isTaken) throw unauthorized();
    return reply(200, undefined);
  },
);

/** Calls to webhooks: notifications of new content, repeated at once, until a webhook is disabled. */

import type { ContentBlob } from './content-blob.ts';
import type { ListedSubscription, Webhook } from './subscriptions.ts';
import type { TenantState } from '../tenant-states.ts';

const patienceMs = 5_000;

/** Whether the answer was 200. */
export const callWebhook = async (
  { address, authId }: Webhook,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<boolean> => {
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Webhook-AuthID': authId, ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(patienceMs),
    });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
};

export interface NotifyOptions {
  readonly now: Date;
  readonly clientId: string;
  readonly baseUrl: string;
  /** After so many failures in a row, a webhook is disabled. */
  readonly maxFailures: number;
}

/** Announces new content to the webhooks of a tenant; content of the future is never announced. */
export const notifyWebhooks = async (
  state: TenantState,
  contents: readonly ContentBlob[],
  options: NotifyOptions,
): Promise<void> => {
  const available = contents.filter(({ contentCreated }) => contentCreated <= options.now);
  const notify = async ({ contentType, webhook, isDisabled }: ListedSubscription): Promise<void> => {
    const items = available.filter((content) => content.contentType === contentType);
    if (webhook === undefined || isDisabled || items.length === 0) return;
    const body = items.map((content) => itemOf(state, content, options));
    for (let at = 0; at < options.maxFailures; at++) {
      const succeeded = await callWebhook(webhook, body);
      state.subscriptions.settle(contentType, succeeded, options.maxFailures);
      if (succeeded) return;
    }
  };
  await Promise.all(state.subscriptions.list(options.now).map(notify));
};

const itemOf = (
  { tenant: { tenantId } }: TenantState,
  { contentType, contentId, contentCreated }: ContentBlob,
  { clientId, baseUrl }: NotifyOptions,
): unknown => ({
  ...{ tenantId, clientId, contentType, contentId },
  contentUri: `${baseUrl}/api/v1.0/${tenantId}/activity/feed/audit/${contentId}`,
  contentCreated: contentCreated.toISOString(),
  contentExpiration: new Date(contentCreated.getTime() + 7 * 24 * 60 * 60_000).toISOString(),
});

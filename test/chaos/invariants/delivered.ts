/** The feed and the webhook bring each record once. */
import { idOf } from '../witnesses/indexed.ts';
import type { FeedReader } from '../witnesses/feed-reader.ts';
import type { WebhookWitness } from '../witnesses/webhook.ts';
import { differences, type Outcome } from './invariant.ts';
import type { Deliverable } from './deliverable.ts';

export function checkFeeds(
  readers: ReadonlyMap<string, FeedReader>,
  { textsByTenant }: Deliverable,
): Outcome {
  const problems = [...readers].flatMap(([tenantId, { seen }]) =>
    differences((textsByTenant.get(tenantId) ?? []).map(idOf), seen, (id) => `${tenantId} ${id}`),
  );
  const records = [...readers.values()].reduce((sum, { seen }) => sum + seen.length, 0);
  return { name: 'the feed brings each record once', detail: `${records} records`, problems };
}

/** Each `webhook-id` counts once, however often it arrived. */
export function checkWebhook(
  { inbox }: WebhookWitness,
  tenantId: string,
  { textsByTenant }: Deliverable,
): Outcome {
  const ids = inbox.ids();
  const problems = [
    ...differences((textsByTenant.get(tenantId) ?? []).map(idOf), ids),
    ...inbox.bad.map((id) => `signature of ${id}`),
  ];
  const detail = `${ids.length} records in ${inbox.calls()} deliveries`;
  return { name: 'the webhook brings each record once', detail, problems };
}

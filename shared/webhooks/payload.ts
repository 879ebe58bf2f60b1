/** What is sent: by default ids with URLs, small enough for every receiver. */
import { createHash } from 'node:crypto';
import type { FoundRecord } from '../query/found-record.ts';
import { publicRecord } from '../query/public-record.ts';
import type { WebhookMessage } from './webhook-secrets.ts';
import type { PendingBatch, WebhookSubscription } from './webhook-subscription.ts';

type Described = Pick<
  WebhookSubscription,
  'tenantId' | 'subscriptionId' | 'baseUrl' | 'content' | 'position'
>;

/** What a delivery is about. */
export const eventTypes = { records: 'records.added', test: 'subscription.test' } as const;

/** Bytes of a thin body; the documentation tells receivers to expect 20 kB. */
const maxThinBytes = 19_000;
const maxRecords = 100;
/** A record's id, twice, and the JSON around it. */
const bytesOfThinRecord = 2 * 36 + 24;
const bytesOfEnvelope = 512;

/** The most records in a delivery. */
export function recordsPerDelivery({ content, ...described }: Described): number {
  if (content === 'records') return maxRecords;
  const bytes = Buffer.byteLength(recordUrl(described, '')) + bytesOfThinRecord;
  return Math.max(1, Math.min(maxRecords, Math.floor((maxThinBytes - bytesOfEnvelope) / bytes)));
}

/** The same records of the same batch give the same message, byte for byte. */
export function recordsMessage(
  subscription: Described,
  { at }: PendingBatch,
  records: readonly FoundRecord[],
): WebhookMessage {
  const { tenantId, subscriptionId, content, position } = subscription;
  const value = records.map((record) => {
    const url = recordUrl(subscription, record.id);
    return content === 'ids' ? { id: record.id, url } : { ...publicRecord(record), url };
  });
  const data = { tenantId, subscriptionId, value };
  const body = JSON.stringify({ type: eventTypes.records, timestamp: at.toISOString(), data });
  const hash = createHash('sha256').update(
    `${subscriptionId}\n${position.sequence}.${position.line}\n${body}`,
  );
  return { id: `msg_${hash.digest('hex').slice(0, 32)}`, body };
}

/** Proves to a receiver only that it can be reached. */
export function testMessage(
  { tenantId, subscriptionId }: Described,
  { id, now }: { readonly id: string; readonly now: Date },
): WebhookMessage {
  const data = { tenantId, subscriptionId };
  const body = JSON.stringify({ type: eventTypes.test, timestamp: now.toISOString(), data });
  return { id: `msg_${id}`, body };
}

function recordUrl({ baseUrl, tenantId }: Pick<Described, 'baseUrl' | 'tenantId'>, id: string): string {
  return `${baseUrl}tenants/${tenantId}/records/${encodeURIComponent(id)}`;
}

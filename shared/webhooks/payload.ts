/** What is sent: by default ids with URLs, small enough for every receiver. */
import { createHash } from 'node:crypto';
import type { FoundRecord } from '../query/found-record.ts';
import { publicRecord } from '../query/public-record.ts';
import type { DeliveryBatch } from './wanted-records.ts';
import type { WebhookMessage } from './webhook-secrets.ts';
import type { PendingBatch, WebhookSubscription } from './webhook-subscription.ts';

type Described = Pick<
  WebhookSubscription,
  'owner' | 'boundTo' | 'subscriptionId' | 'baseUrl' | 'content' | 'position'
>;

/** What a delivery is about. */
export const eventTypes = { records: 'records.added', test: 'subscription.test' } as const;

/** Bytes of a thin body; the documentation tells receivers to expect 20 kB. */
const maxThinBytes = 19_000;
const maxRecords = 100;
/** A record's id, twice, and the JSON around it. */
const bytesOfThinRecord = 2 * 36 + 24;
const bytesOfTenantId = 36 + 16;
const bytesOfEnvelope = 512;

/** The most records in a delivery. */
export function recordsPerDelivery({ content, ...described }: Described): number {
  if (content === 'records') return maxRecords;
  const url = Buffer.byteLength(recordUrl(described, { tenantId: described.owner, id: '' }));
  const bytes = url + bytesOfThinRecord + (described.boundTo === undefined ? 0 : bytesOfTenantId);
  return Math.max(1, Math.min(maxRecords, Math.floor((maxThinBytes - bytesOfEnvelope) / bytes)));
}

/** The same records of the same batch give the same message: byte for byte, but for names of tenants, which its ID ignores. */
export function recordsMessage(
  subscription: Described,
  { at }: PendingBatch,
  { records, names }: Pick<DeliveryBatch, 'records' | 'names'>,
): WebhookMessage {
  const { subscriptionId, content } = subscription;
  const valueWith = (given: typeof names) =>
    records.map((record) => {
      const { id, tenantId } = record;
      const url = recordUrl(subscription, record);
      const whose = names === undefined ? {} : { tenantId };
      if (content === 'ids') return { ...whose, id, url };
      const named = given === undefined ? {} : { tenantDisplayName: given.get(tenantId) ?? '' };
      return { ...whose, ...named, ...publicRecord(record), url };
    });
  const bodyWith = (given: typeof names) => {
    const data = { ...tenantOf(subscription), subscriptionId, value: valueWith(given) };
    return JSON.stringify({ type: eventTypes.records, timestamp: at.toISOString(), data });
  };
  const body = bodyWith(names);
  const lasting = names === undefined ? body : bodyWith(undefined);
  const hash = createHash('sha256').update(`${subscriptionId}\n${placeOf(subscription)}\n${lasting}`);
  return { id: `msg_${hash.digest('hex').slice(0, 32)}`, body };
}

/**
 * Within the landings of a tenant. Without the number of the arrival: that says when another tenant had new records, and
 * a receiver, who knows all else that is hashed, could find it by trying.
 */
function placeOf({ position: { sequence, line } }: Pick<Described, 'position'>): string {
  return `${sequence}.${line}`;
}

/** Of a subscription to several tenants, each record names its own. */
function tenantOf({ owner, boundTo }: Described): { readonly tenantId?: string } {
  return boundTo === undefined ? { tenantId: owner } : {};
}

/** Proves to a receiver only that it can be reached. */
export function testMessage(
  subscription: Described,
  { id, now }: { readonly id: string; readonly now: Date },
): WebhookMessage {
  const data = { ...tenantOf(subscription), subscriptionId: subscription.subscriptionId };
  const body = JSON.stringify({ type: eventTypes.test, timestamp: now.toISOString(), data });
  return { id: `msg_${id}`, body };
}

function recordUrl(
  { baseUrl }: Pick<Described, 'baseUrl'>,
  { tenantId, id }: Pick<FoundRecord, 'tenantId' | 'id'>,
): string {
  return `${baseUrl}tenants/${tenantId}/records/${encodeURIComponent(id)}`;
}

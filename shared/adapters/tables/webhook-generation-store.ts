/** Table `ApiKeys`, partition `webhook`: how often the secrets of signed webhooks were renewed. */
import { webhookGenerationSchema, type WebhookGenerationStore } from '../../access/webhook-secrets.ts';
import { sha256Of } from '../../sha256.ts';
import { openRows } from './rows.ts';
import { isWritten, type Tables } from './tables.ts';

export function createWebhookGenerationStore(tables: Tables): WebhookGenerationStore {
  const rows = openRows(tables, {
    table: 'ApiKeys',
    columns: webhookGenerationSchema,
    toRow: (stored, { etag }) => ({ ...stored, etag }),
  });
  return {
    get: (tenants) => rows.get(keyOf(tenants)),
    put: (tenants, next, before) =>
      isWritten(() =>
        before === undefined
          ? rows.create(keyOf(tenants), next)
          : rows.merge(keyOf(tenants), next, before.etag),
      ),
  };
}

/**
 * The row outlives the tenant's data, so it does not name the tenant: if the tenant came back, a secret that was renewed
 * must not work again.
 */
function keyOf(tenants: string) {
  const rowKey = sha256Of(`webhook secret\n${tenants}`).slice(0, 32);
  return { partitionKey: 'webhook', rowKey };
}

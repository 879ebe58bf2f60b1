/** Generations of webhook secrets in memory. */
import type {
  StoredWebhookGeneration,
  WebhookGenerationStore,
} from '../../../shared/access/webhook-secrets.ts';

export function createFakeWebhookGenerationStore(): WebhookGenerationStore {
  const rows = new Map<string, StoredWebhookGeneration>();
  let version = 0;
  return {
    get: async (tenants) => await Promise.resolve(rows.get(tenants)),
    put: async (tenants, next, before) => {
      const isCurrent = rows.get(tenants)?.etag === before?.etag;
      version += 1;
      if (isCurrent) rows.set(tenants, { ...next, etag: `v${version}` });
      return await Promise.resolve(isCurrent);
    },
  };
}

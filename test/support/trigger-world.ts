/** Feeds, searches and subscriptions over HTTP and fakes. */
import { newApiKey, type Scope } from '../../shared/access/api-keys.ts';
import type { Numbering } from './feed-world.ts';
import { createFakeTenantStore } from './fakes/tenant-store.ts';
import { adatumId, fabrikamId, tenantNamed } from './tenants.ts';
import { createTriggerApi } from './trigger-api.ts';
import { createWebhookWorld } from './webhook-world.ts';

export async function createTriggerWorld(numbering?: Numbering) {
  const world = await createWebhookWorld(numbering);
  const tenants = createFakeTenantStore([
    tenantNamed('Fabrikam', { tenantId: fabrikamId }),
    tenantNamed('Adatum', { tenantId: adatumId }),
  ]);
  const call = createTriggerApi({ ...world.deps, keys: world.keys, tenants });
  const createKey = async (of = '*', scopes: readonly Scope[] = ['records.read']) => {
    const { key, text } = newApiKey({ name: 'Flow', tenants: of, scopes }, world.clock.now());
    await world.keys.create(key);
    return { id: key.id, text };
  };
  return {
    ...{ ...world, call, createKey, tenants },
    revoke: async (id: string) => {
      const key = await world.keys.get(id);
      if (key !== undefined) await world.keys.update(key, { revokedDateTime: world.clock.now() });
    },
  };
}

/** Changes that are computed from a tenant, which others change meanwhile. */
import { describe, expect, it } from 'vitest';
import { pollDueTenants } from '../../../shared/landing/poll-tenants.ts';
import { changeTenant } from '../../../shared/tenants/change-tenant.ts';
import { hourMs, minuteMs } from '../../support/clock.ts';
import { createEnablementWorld } from '../../support/enablement-world.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFaults } from '../../support/faults.ts';
import { createPollWorld } from '../../support/poll-world.ts';
import { fabrikamId, tenantNamed } from '../../support/tenants.ts';

const tenantId = fabrikamId;
const contentTypes = ['Audit.Exchange', 'Audit.SharePoint'] as const;

describe('a change that is computed from a tenant', () => {
  it('is computed again when the tenant changed meanwhile', async () => {
    const tenants = createFakeTenantStore([tenantNamed('Fabrikam', { tenantId })]);
    let reads = 0;
    const get: typeof tenants.get = async (id) => {
      const found = await tenants.get(id);
      if (reads++ === 0) await tenants.update(id, { domain: 'fabrikam.example' });
      return found;
    };
    const before = await changeTenant({ ...tenants, get }, tenantId, ({ domain = 'none' }) => ({
      displayName: domain,
    }));
    expect([before?.domain, reads]).toEqual(['fabrikam.example', 2]);
    expect((await tenants.get(tenantId))?.displayName).toBe('fabrikam.example');
  });

  it('is none of a tenant that is gone, or when nothing is to be changed', async () => {
    const tenants = createFakeTenantStore([tenantNamed('Fabrikam', { tenantId })]);
    const found = await tenants.get(tenantId);
    expect(await changeTenant(tenants, tenantId, () => undefined)).toBeUndefined();
    expect(await tenants.get(tenantId)).toEqual(found);
    if (found !== undefined) await tenants.remove(found);
    expect(await changeTenant(tenants, tenantId, () => ({ domain: 'late.example' }))).toBeUndefined();
  });
});

describe('a tenant that is registered with another content type', () => {
  it('while it is polled keeps what was found about it', async () => {
    const world = createPollWorld();
    const tenant = tenantNamed('Fabrikam', { tenantId, contentTypes: ['Audit.Exchange'] });
    const tenants = createFakeTenantStore([tenant]);
    const subscriptions = contentTypes.map((contentType) => ({ contentType, enabled: true }));
    const deps = world.depsOf(createFaults());
    const checkpoints: typeof deps.ledger.checkpoints = async (...asked) => {
      await tenants.update(tenantId, { contentTypes, subscriptions });
      return await deps.ledger.checkpoints(...asked);
    };
    await pollDueTenants(
      { ...deps, ledger: { ...deps.ledger, checkpoints }, tenants, tenantConcurrency: 1, ceilingMs: hourMs },
      world.clock.startBudget(10 * minuteMs),
    );
    const stored = await tenants.get(tenantId);
    expect(stored?.poll.lastPollAt).toEqual(world.clock.now());
    expect(stored?.subscriptions).toMatchObject(subscriptions);
  });

  it('while it is enabled keeps what was found about it', async () => {
    const world = createEnablementWorld();
    const { tenant, tenants, feed } = world;
    const added = [...new Set([...tenant.contentTypes, 'DLP.All' as const])];
    const original = { ...feed };
    let lists = 0;
    const listSubscriptions: typeof feed.listSubscriptions = async (...asked) => {
      const subscriptions = [{ contentType: 'DLP.All', enabled: true }] as const;
      if (++lists === 1) await tenants.update(tenant.tenantId, { contentTypes: added, subscriptions });
      return await original.listSubscriptions(...asked);
    };
    const { id } = await world.start();
    world.feed.listSubscriptions = listSubscriptions;
    await world.drain();
    expect((await world.read(id)).status).toBe('Succeeded');
    const stored = await tenants.get(tenant.tenantId);
    expect(stored?.subscriptions.map(({ contentType }) => contentType)).toEqual(added);
  });
});
